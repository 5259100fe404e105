// SPDX-License-Identifier: MIT
/*
 * restriction-race: the keyring that a key under construction is to go to is restricted meanwhile: nothing may be linked into it
 * any more. Whoever answers, and would link the key there, is told so, and the request waits for an answer without; the next
 * request for a key that is to go there is refused.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "keyring_acts.h"
#include "mechanism.h"
#include "verdict.h"

#define PAYLOAD "made all the same"

/* What an answerer says of the keyring that the key is to go to. */
enum { ANSWER, REJECTION };

/* Tells what came of each. */
static int answer_into_keyring(struct step *step)
{
	static const char text[] = "of no use";
	int error = puppet_assume(step);

	if (error)
		return error;
	step->values[ANSWER] =
		syscall(SYS_keyctl, KEYCTL_INSTANTIATE, step->serial, text, strlen(text), KEY_SPEC_REQUESTOR_KEYRING) ? errno : 0;
	step->values[REJECTION] =
		syscall(SYS_keyctl, KEYCTL_REJECT, step->serial, 1, EHOSTUNREACH, KEY_SPEC_REQUESTOR_KEYRING) ? errno : 0;
	return 0;
}

static struct question question_into(ks_key_serial keyring, int number)
{
	struct question question = { .type = "user", .callout = "ks", .keyring = keyring };

	snprintf(question.description, sizeof(question.description), "ks:check:restricted:0:%d", number);
	return question;
}

static ks_key_serial new_keyring(const struct place *container)
{
	struct acted made = add_in(container, &(struct addition){ "keyring", "ks-check-restricted", "", KEY_SPEC_SESSION_KEYRING });

	require(!made.error, "cannot make a keyring: %s", strerror(made.error));
	return (ks_key_serial)made.result;
}

void check_restriction_race(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	ks_key_serial keyring = new_keyring(&container);
	struct question question = question_into(keyring, 0), another = question_into(keyring, 1);
	struct task request = ask_question(&container, &question);
	struct upcall upcall = actor_take(&actor, &request);
	struct acted restricted, added;
	struct served refused, next;
	struct step told = { 0 };
	struct reply reply;
	bool waited, linked;
	int error;

	restricted = act_in(&container, &(struct act){ .operation = KEYCTL_RESTRICT_KEYRING, .key = keyring });
	require(!restricted.error, "cannot restrict a keyring: %s", strerror(restricted.error));
	added = add_in(&container, &(struct addition){ "user", "ks-check-refused", "x", keyring });
	error = answers_by_authority() ? upcall_does(&upcall, answer_into_keyring, &told) : 0;
	require(!error, "cannot assume the authority: %s", strerror(error));
	waited = !task_ends(&request, HANGING_MS);
	error = upcall_answer(&upcall, PAYLOAD);
	upcall_end(&upcall);
	reply = reply_within(&request, PATIENCE_MS);
	if (answers_by_authority())
		decide(told.values[ANSWER] == EPERM && told.values[REJECTION] == EPERM && waited, "restriction-stops-link",
		       "the keyring was restricted while the key was made; answering with a link into it: %s; rejecting with one: %s; the "
		       "requester %s",
		       error_text(told.values[ANSWER]), error_text(told.values[REJECTION]), waited ? "went on waiting" : "waited no more");
	else
		not_applicable("restriction-stops-link", "an answer by write names no keyring");
	decide(!error && reply_says(&reply, PAYLOAD), "restriction-keeps-request", "answered without a link: %s; the requester got %s",
	       error_text(error), reply_text(&reply));
	refused = actor_serve_question(&actor, &container, &another, "smuggled in");
	linked = !refused.reply.error && act_finds_link(&container, keyring, refused.reply.key);
	decide(!linked, "restricted-keyring-takes-nothing",
	       "adding a key to the restricted keyring: %s; the next request for a key that is to go there: %s, %s an upcall; the key is %s it",
	       error_text(added.error), reply_text(&refused.reply), refused.asked ? "by" : "without", linked ? "in" : "not in");
	next = actor_serve(&actor, &container, "ks:check:restricted:0:2", "as usual");
	fault_was("restriction-race", (added.error == EPERM) + (told.values[ANSWER] == EPERM) + (told.values[REJECTION] == EPERM),
		  next.asked && reply_says(&next.reply, "as usual"));
}
