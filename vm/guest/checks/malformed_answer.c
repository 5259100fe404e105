// SPDX-License-Identifier: MIT
/*
 * malformed-answer: whoever answers does it in ways that are none: a rejection with no error, or with one that is the kernel's
 * own, or two megabytes. It is told so, its requester knows nothing of it and goes on waiting, and the right answer is taken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "verdict.h"

/* The kernel's own ERESTARTSYS, which user space is never to see. */
#define NO_ERRNO 512
#define TOO_LARGE (2 << 20)
#define WAYS 3

/* Tells what came of each. What is refused takes the authority away. */
static int answer_wrongly(struct step *step)
{
	char *large = calloc(1, TOO_LARGE);

	require(large, "no memory");
	for (int i = 0; i < WAYS; i++) {
		int error = puppet_assume(step);

		if (error)
			return error;
		if (i < 2)
			step->values[i] = puppet_refuse(step, i ? NO_ERRNO : 0, 1);
		else
			step->values[i] = puppet_give(step, large, TOO_LARGE);
	}
	free(large);
	return 0;
}

void check_malformed_answer(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct task request = ask_in_session(&container, "ks:check:malformed:0:0");
	struct upcall upcall = actor_take(&actor, &request);
	struct served next;
	struct reply reply;
	struct step told = { 0 };
	long invalid = 0;
	bool waited;
	int refused;

	refused = upcall_does(&upcall, answer_wrongly, &told);
	require(!refused, "cannot assume the authority: %s", strerror(refused));
	for (int i = 0; i < WAYS; i++)
		invalid += told.values[i] == EINVAL;
	decide(invalid == WAYS, "malformed-answer-is-told", "rejecting with 0: %s; with %d: %s; answering with %d bytes: %s",
	       error_text(told.values[0]), NO_ERRNO, error_text(told.values[1]), TOO_LARGE, error_text(told.values[2]));
	waited = !task_ends(&request, HANGING_MS);
	refused = upcall_answer(&upcall, "at last");
	upcall_end(&upcall);
	reply = reply_within(&request, PATIENCE_MS);
	decide(waited && !refused && reply_says(&reply, "at last"), "malformed-answer-keeps-request",
	       "after three malformed answers the requester %s; the right answer, given then: %s; the requester got %s",
	       waited ? "went on waiting" : "waited no more", error_text(refused), reply_text(&reply));
	next = actor_serve(&actor, &container, "ks:check:malformed:0:1", "as usual");
	fault_was("malformed-answer", invalid, next.asked && reply_says(&next.reply, "as usual"));
}
