// SPDX-License-Identifier: MIT
/*
 * add-key-race: somebody in the requester's session adds a key of the same type and description to the same keyring, while that
 * one is under construction. The kernel has the adder wait, and then update what was made; what was rejected it is told. Also
 * when both happen at once, there is one key in the end, with one payload or the other.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "keyring_acts.h"
#include "verdict.h"

#define MADE "made"
#define ADDED "added"
/* At once, without waiting for one another: seen to fall on either side in a few. */
#define ROUNDS 12
#define REJECTED_S 10
#define DESCRIPTION_SIZE 64

static struct task add(const struct place *container, const char *description)
{
	struct addition addition = { "user", "", ADDED, KEY_SPEC_SESSION_KEYRING };

	snprintf(addition.description, sizeof(addition.description), "%s", description);
	return add_start(container, &addition);
}

/* What the answerer does when somebody waits to add: 0 answers, else it rejects with that. */
static struct acted add_to_pending(const struct actor *actor, const struct place *container, const char *description, int rejection,
				   bool *waited)
{
	struct task request = ask_in_session(container, description), adder;
	struct upcall upcall = actor_take(actor, &request);
	struct acted added;
	int error;

	adder = add(container, description);
	*waited = !task_ends(&adder, HANGING_MS);
	error = rejection ? upcall_reject(&upcall, rejection, REJECTED_S) : upcall_answer(&upcall, MADE);
	require(!error, "what the answerer said was refused: %s", strerror(error));
	upcall_end(&upcall);
	added = act_end(&adder);
	reply_within(&request, PATIENCE_MS);
	return added;
}

/* Whether one key is left, which says one of the two. */
static bool race(const struct actor *actor, const struct place *container, int round)
{
	char description[DESCRIPTION_SIZE];
	struct task request, adder;
	struct upcall upcall;
	struct served found;
	struct acted added;
	struct reply reply;

	snprintf(description, sizeof(description), "ks:check:race:0:%d", round);
	request = ask_in_session(container, description);
	upcall = actor_take(actor, &request);
	adder = add(container, description);
	require(!upcall_answer(&upcall, MADE), "an answer was refused");
	upcall_end(&upcall);
	added = act_end(&adder);
	reply = reply_within(&request, PATIENCE_MS);
	found = actor_serve(actor, container, description, "a third");
	return !added.error && !reply.error && added.result == reply.key && !found.asked && found.reply.key == reply.key &&
	       reply_says(&found.reply, ADDED);
}

void check_add_key_race(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct acted updated, refused;
	struct served found, next;
	bool waited, waited_too;
	int right = 0;

	updated = add_to_pending(&actor, &container, "ks:check:added:0:0", 0, &waited);
	found = actor_serve(&actor, &container, "ks:check:added:0:0", "a third");
	refused = add_to_pending(&actor, &container, "ks:check:added:0:1", EHOSTUNREACH, &waited_too);
	decide(waited && waited_too && !updated.error && !found.asked && reply_says(&found.reply, ADDED) && refused.error == EHOSTUNREACH,
	       "add-key-waits-for-construction",
	       "adding a key that was under construction %s until it was made: %s, and then it held %s; it %s until it was rejected with "
	       "EHOSTUNREACH: %s",
	       waited ? "waited" : "did not wait", error_text(updated.error), reply_text(&found.reply),
	       waited_too ? "waited" : "did not wait", error_text(refused.error));
	for (int i = 0; i < ROUNDS; i++)
		right += race(&actor, &container, i);
	decide(right == ROUNDS, "add-key-race-leaves-one-key",
	       "in %d of %d rounds in which a key was added while it was being made, one key was left, the adder's", right, ROUNDS);
	next = actor_serve(&actor, &container, "ks:check:added:0:2", "as usual");
	fault_was("add-key-race", waited + waited_too, next.asked && reply_says(&next.reply, "as usual"));
}
