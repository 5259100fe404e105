// SPDX-License-Identifier: MIT
/*
 * nearest-ancestor: of the agents with a queue on a user namespace, that of the requester's own or of its nearest ancestor
 * answers, however deep the requester is. A sibling's never does. One that is dead refuses: no request walks on past it.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

#define DEEPEST 32

/*
 * The places below the container, each in a user namespace of its own below the one before. Returns how many requests came from another
 * than the container's.
 */
static long try_depths(const struct place *container, const struct agent *near, const struct agent *far)
{
	static const int depths[] = { 0, 1, 8, DEEPEST };
	uint64_t own = place_inodes(container).user;
	struct place places[DEEPEST + 1];
	long deeper = 0;
	int at = 0;

	places[0] = *container;
	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		char property[64];
		struct reply reply;

		for (; at < depths[i]; at++)
			places[at + 1] = place_new(&places[at], CLONE_NEWUSER, 0);
		snprintf(property, sizeof(property), "nearest-ancestor-depth-%d", at);
		deeper += place_inodes(&places[at]).user != own;
		reply = ask_and_wait(&places[at], "user", property);
		decide(reply_is_of(&reply, near), property,
		       "%d user namespaces below a container with agent %u, the host having agent %u: %s", at, near->id, far->id,
		       reply_text(&reply));
	}
	while (at > 0)
		place_end(&places[at--]);
	return deeper;
}

/* First the host's agent is the nearest that a place without one has, then there is none. */
static void try_sibling(const struct place *host, const struct agent *near, const struct agent *far)
{
	struct place sibling = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct reply by_host = ask_and_wait(&sibling, "user", "ks:check:sibling:0:0"), alone;

	registration_withdraw(host);
	alone = ask_and_wait(&sibling, "user", "ks:check:sibling:0:1");
	decide(reply_is_of(&by_host, far) && !reply_is_of(&alone, near) && alone.error == ENOKEY, "sibling-never",
	       "a container beside the one with agent %u: %s; and when the host's agent %u was withdrawn: %s", near->id,
	       reply_text(&by_host), far->id, reply_text(&alone));
	place_end(&sibling);
}

void check_nearest_ancestor(void)
{
	struct place host = place_new(NULL, 0, 0), container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct agent far = agent_start(&host, &(struct agent_wish){ 0 });
	struct agent near = agent_start(&container, &(struct agent_wish){ 0 });
	struct reply reply;
	long deeper;

	deeper = try_depths(&container, &near, &far);
	reply = ask_and_wait(&container, "user", "ks:check:alone:0:0");
	fault_was("nested-user-namespaces", deeper, reply_is_of(&reply, &near));
	agent_kill(&near);
	reply = ask_and_wait(&container, "user", "ks:check:dead:0:0");
	decide(reply.error == ENOKEY && is_prompt(&reply), "dead-nearest-refuses",
	       "the container's agent %u killed, the host's agent %u alive: %s", near.id, far.id, reply_text(&reply));
	registration_withdraw(&container);
	near = agent_start(&container, &(struct agent_wish){ 0 });
	try_sibling(&host, &near, &far);
	place_end(&container);
	place_end(&host);
}
