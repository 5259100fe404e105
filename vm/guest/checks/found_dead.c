// SPDX-License-Identifier: MIT
/*
 * found-dead: the key that a request finds has been revoked, or has expired. Of a revoked one the requester is told, nobody is
 * asked, and when the kernel has collected it the next request is a fresh one. An expired one is replaced at once; where nobody
 * can be asked for a replacement, the requester is told why it gets none.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "gc_delay.h"
#include "keyring_acts.h"
#include "verdict.h"
#include "wall_clock.h"

#define EXPIRES_S 1
#define REVOKED_KEY "ks:check:revoked:0:0"
#define EXPIRED_KEY "ks:check:expired:0:0"
#define LOOK_AGAIN_MS 20

static ks_key_serial make(const struct actor *actor, const struct place *container, const char *description)
{
	struct served served = actor_serve(actor, container, description, "the old one");

	require(served.asked && reply_says(&served.reply, "the old one"), "a key was not made: %s", reply_text(&served.reply));
	return served.reply.key;
}

static void must(const struct place *container, const struct act *act)
{
	struct acted acted = act_in(container, act);

	require(!acted.error, "keyctl(%d): %s", act->operation, strerror(acted.error));
}

/* An invalidated key is collected at once: when it has gone, the collector has been through all keyrings. */
static void await_collector(const struct place *container)
{
	struct acted added = add_in(container, &(struct addition){ "user", "ks-check-marker", "x", KEY_SPEC_SESSION_KEYRING });
	ks_key_serial marker = (ks_key_serial)added.result;
	int64_t deadline = now_ms() + PATIENCE_MS;

	require(!added.error, "cannot add a key: %s", strerror(added.error));
	must(container, &(struct act){ .operation = KEYCTL_INVALIDATE, .key = marker });
	while (act_finds_link(container, KEY_SPEC_SESSION_KEYRING, marker)) {
		require(now_ms() < deadline, "an invalidated key was not collected");
		sleep_ms(LOOK_AGAIN_MS);
	}
}

static void try_revoked(const struct actor *actor, const struct place *container)
{
	ks_key_serial key = make(actor, container, REVOKED_KEY);
	struct served found, collected, next;
	bool linked;

	gc_delay_shorten();
	must(container, &(struct act){ .operation = KEYCTL_REVOKE, .key = key });
	found = actor_serve(actor, container, REVOKED_KEY, "too early");
	decide(found.reply.error == EKEYREVOKED && !found.asked, "revoked-key-is-told",
	       "a request that finds a revoked key: %s, %s an upcall", reply_text(&found.reply), found.asked ? "by" : "without");
	await_wall_clock(time(NULL) + GC_DELAY_S, GC_DELAY_S);
	await_collector(container);
	linked = act_finds_link(container, KEY_SPEC_SESSION_KEYRING, key);
	collected = actor_serve(actor, container, REVOKED_KEY, "a new one");
	decide(!linked && collected.asked && reply_says(&collected.reply, "a new one"), "revoked-key-is-collected",
	       "a key was revoked with gc_delay %d; after that time the collector went through the keyrings, the key %s linked, and a request "
	       "for it: %s",
	       GC_DELAY_S, linked ? "is still" : "is no longer", reply_text(&collected.reply));
	if (linked)
		must(container, &(struct act){ .operation = KEYCTL_UNLINK, .key = key, .keyring = KEY_SPEC_SESSION_KEYRING });
	next = linked ? actor_serve(actor, container, REVOKED_KEY, "a new one") : collected;
	fault_was("revoke-found-key", found.reply.error == EKEYREVOKED, next.asked && reply_says(&next.reply, "a new one"));
}

static struct reply ask_nobody(const struct place *container, const char *description)
{
	struct question question = { .type = "user", .keyring = KEY_SPEC_SESSION_KEYRING };
	struct task task;

	snprintf(question.description, sizeof(question.description), "%s", description);
	task = ask_question(container, &question);
	return reply_within(&task, PATIENCE_MS);
}

static void search(int channel, const void *argument)
{
	int error = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, "user", argument) < 0 ? errno : 0;

	require(write(channel, &error, sizeof(error)) == sizeof(error), "cannot tell what was found");
}

static int search_error(const struct place *container, const char *description)
{
	struct task task = place_start(container, search, description, strlen(description) + 1);
	int error;

	require(task_tells(&task, &error, sizeof(error), PATIENCE_MS), "a search has not ended");
	task_end(&task);
	return error;
}

static void try_expired(const struct actor *actor, const struct place *container)
{
	ks_key_serial key = make(actor, container, EXPIRED_KEY);
	struct reply unreplaced;
	struct served renewed;
	int searched;

	must(container, &(struct act){ .operation = KEYCTL_SET_TIMEOUT, .key = key, .seconds = EXPIRES_S });
	await_wall_clock(time(NULL) + EXPIRES_S, EXPIRES_S);
	searched = search_error(container, EXPIRED_KEY);
	unreplaced = ask_nobody(container, EXPIRED_KEY);
	decide(unreplaced.error == EKEYEXPIRED, "expired-key-is-told",
	       "a request that finds an expired key and is to cause no upcall: %s; a search of the keyring that holds it: %s",
	       reply_text(&unreplaced), error_text(searched));
	renewed = actor_serve(actor, container, EXPIRED_KEY, "a new one");
	decide(renewed.asked && reply_says(&renewed.reply, "a new one"), "expired-key-is-renewed",
	       "a request that finds an expired key and may cause an upcall: %s, %s one", reply_text(&renewed.reply),
	       renewed.asked ? "by" : "without");
	fault_was("expire-found-key", searched == EKEYEXPIRED, renewed.asked && reply_says(&renewed.reply, "a new one"));
}

void check_found_dead(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);

	/* What has expired is to be found, and what was revoked to be collected: so the delay is shortened in between. */
	try_expired(&actor, &container);
	try_revoked(&actor, &container);
}
