// SPDX-License-Identifier: MIT
/*
 * rejection: whoever answers rejects a request with an error and a time. Its requester and whoever asks again within the time
 * get exactly that error, the latter without an upcall; who asks afterwards causes a fresh one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "verdict.h"
#include "wall_clock.h"

/* Long enough for three requests to be made twice; the kernel counts whole seconds of the wall clock. */
#define REJECTED_S (8 * slowness())

static const int errors[] = { EHOSTUNREACH, EKEYREJECTED, EACCES };

#define COUNT (sizeof(errors) / sizeof(errors[0]))

struct rejected {
	char description[48];
	time_t from, until;	/* it lasts until a second in between */
	struct reply first, again;
	bool asked_again;
};

static struct rejected reject_one(const struct actor *actor, const struct place *container, size_t i)
{
	struct rejected rejected;
	struct task request;
	struct upcall upcall;
	int refused;

	snprintf(rejected.description, sizeof(rejected.description), "ks:check:reject:0:%zu", i);
	request = ask_in_session(container, rejected.description);
	upcall = actor_take(actor, &request);
	rejected.from = time(NULL) + REJECTED_S;
	refused = upcall_reject(&upcall, errors[i], REJECTED_S);
	require(!refused, "a rejection was refused: %s", strerror(refused));
	rejected.until = time(NULL) + REJECTED_S;
	upcall_end(&upcall);
	rejected.first = reply_within(&request, PATIENCE_MS);
	return rejected;
}

static void ask_again(const struct actor *actor, const struct place *container, struct rejected *rejected)
{
	struct served served = actor_serve(actor, container, rejected->description, "too early");

	rejected->again = served.reply;
	rejected->asked_again = served.asked;
	require(time(NULL) < rejected->from, "this guest is too slow: a rejection of %d s was over before anybody could ask again",
		REJECTED_S);
}

static bool is_exact(const struct rejected *rejected, int error)
{
	return rejected->first.error == error && rejected->again.error == error && !rejected->asked_again;
}

void check_rejection(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct rejected rejected[COUNT];
	long exact = 0, hits = 0, fresh = 0;

	for (size_t i = 0; i < COUNT; i++)
		rejected[i] = reject_one(&actor, &container, i);
	for (size_t i = 0; i < COUNT; i++) {
		ask_again(&actor, &container, &rejected[i]);
		exact += is_exact(&rejected[i], errors[i]);
		hits += rejected[i].first.error != 0;
	}
	decide(exact == COUNT, "rejection-is-exact",
	       "rejected with EHOSTUNREACH, EKEYREJECTED and EACCES for %d s; the requesters got %s, %s and %s; asking again within that "
	       "time: %s, %s and %s, with %d upcalls",
	       REJECTED_S, error_text(rejected[0].first.error), error_text(rejected[1].first.error),
	       error_text(rejected[2].first.error), error_text(rejected[0].again.error), error_text(rejected[1].again.error),
	       error_text(rejected[2].again.error), rejected[0].asked_again + rejected[1].asked_again + rejected[2].asked_again);
	await_wall_clock(rejected[COUNT - 1].until, REJECTED_S);
	for (size_t i = 0; i < COUNT; i++) {
		struct served served = actor_serve(&actor, &container, rejected[i].description, "better now");

		fresh += served.asked && reply_says(&served.reply, "better now");
	}
	decide(fresh == COUNT, "rejection-ends-with-its-time",
	       "of %zu keys that had been rejected for %d s, %ld were made afresh by an upcall afterwards", COUNT, REJECTED_S, fresh);
	fault_was("reject-with-errno", hits, fresh == COUNT);
}
