// SPDX-License-Identifier: MIT
/*
 * serial-guess: processes of other containers have guessed the serial of a key under construction. One of them has ids of its
 * own, the other the requester's (which engines should not give twice). They may neither assume the authority over it nor read,
 * link or revoke it, before it is made and after; what describing it reveals is in the evidence. And when it is rejected, the
 * reason is none of theirs.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "keyring_acts.h"
#include "verdict.h"

/* What is never among the errors of those who may not. */
#define REASON EHOSTUNREACH
#define REJECTED_S 10
#define EVIDENCE_SIZE 160

static const struct {
	int operation;
	const char *word;
} attempts[] = {
	{ KEYCTL_ASSUME_AUTHORITY, "assume" },
	{ KEYCTL_READ, "read" },
	{ KEYCTL_LINK, "link" },
	{ KEYCTL_REVOKE, "revoke" },
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

struct guesser {
	struct place place;
	struct task tasks[ATTEMPTS];
	struct acted acted[ATTEMPTS], described;
	int waited;
};

static void guess(struct guesser *guesser, ks_key_serial key)
{
	for (size_t i = 0; i < ATTEMPTS; i++)
		guesser->tasks[i] = act_start(&guesser->place,
					      &(struct act){ attempts[i].operation, key, KEY_SPEC_SESSION_KEYRING, 0 });
	guesser->described = act_in(&guesser->place, &(struct act){ .operation = KEYCTL_DESCRIBE, .key = key });
}

/* Who has to wait for the key does so still. */
static void count_waiting(struct guesser *guesser, int ms)
{
	guesser->waited = 0;
	for (size_t i = 0; i < ATTEMPTS; i++)
		guesser->waited += !task_ends(&guesser->tasks[i], i ? 0 : ms);
}

static void hear(struct guesser *guesser)
{
	for (size_t i = 0; i < ATTEMPTS; i++)
		guesser->acted[i] = act_end(&guesser->tasks[i]);
}

static int refused(const struct guesser *guesser)
{
	int count = 0;

	for (size_t i = 0; i < ATTEMPTS; i++)
		count += guesser->acted[i].error == ENOKEY || guesser->acted[i].error == EACCES;
	return count;
}

static int told_reason(const struct guesser *guesser)
{
	int count = 0;

	for (size_t i = 0; i < ATTEMPTS; i++)
		count += guesser->acted[i].error == REASON;
	return count;
}

static const char *words(const struct guesser *guesser, char text[EVIDENCE_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < ATTEMPTS; i++)
		used += (size_t)snprintf(text + used, EVIDENCE_SIZE - used, "%s%s %s", i ? ", " : "", attempts[i].word,
					 error_text(guesser->acted[i].error));
	return text;
}

static const char *described(const struct guesser *guesser)
{
	return guesser->described.error ? error_text(guesser->described.error) : guesser->described.text;
}

static void try_made(const struct actor *actor, const struct place *container, struct guesser *strange, struct guesser *namesake)
{
	struct task request = ask_in_session(container, "ks:check:guessed:0:0");
	struct upcall upcall = actor_take(actor, &request);
	char texts[2][EVIDENCE_SIZE];
	struct reply reply;
	struct served next;
	int error;

	guess(strange, upcall.serial);
	guess(namesake, upcall.serial);
	count_waiting(strange, HANGING_MS);
	count_waiting(namesake, 0);
	error = upcall_answer(&upcall, "not for strangers");
	upcall_end(&upcall);
	reply = reply_within(&request, PATIENCE_MS);
	hear(strange);
	hear(namesake);
	decide(refused(strange) == ATTEMPTS && refused(namesake) == ATTEMPTS && !error && reply_says(&reply, "not for strangers"),
	       "guessed-serial-is-useless",
	       "from another container: %s (%d waited until it was made), describing it: %s; from one with the same ids: %s (%d waited), "
	       "describing it: '%s'; the requester got %s",
	       words(strange, texts[0]), strange->waited, described(strange), words(namesake, texts[1]), namesake->waited,
	       described(namesake), reply_text(&reply));
	next = actor_serve(actor, container, "ks:check:guessed:0:1", "as usual");
	fault_was("serial-guessing", refused(strange) + refused(namesake), next.asked && reply_says(&next.reply, "as usual"));
}

static void try_rejected(const struct actor *actor, const struct place *container, struct guesser *strange)
{
	struct task request = ask_in_session(container, "ks:check:guessed:0:2");
	struct upcall upcall = actor_take(actor, &request);
	char text[EVIDENCE_SIZE];
	int error;

	guess(strange, upcall.serial);
	error = upcall_reject(&upcall, REASON, REJECTED_S);
	require(!error, "a rejection was refused: %s", strerror(error));
	upcall_end(&upcall);
	reply_within(&request, PATIENCE_MS);
	hear(strange);
	decide(!told_reason(strange), "rejection-not-told-to-strangers",
	       "a request was rejected with EHOSTUNREACH; of it, from another container by the key's serial: %s", words(strange, text));
}

void check_serial_guess(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct guesser strange = { .place = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS) };
	struct guesser namesake = { .place = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID) };

	try_made(&actor, &container, &strange, &namesake);
	try_rejected(&actor, &container, &strange);
}
