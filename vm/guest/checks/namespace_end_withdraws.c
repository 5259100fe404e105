// SPDX-License-Identifier: MIT
/*
 * namespace-end-withdraws: a registration keeps none of the namespaces it names from ending, and goes with the first that ends,
 * while its agent lives on elsewhere.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "only_one.h"
#include "place.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

/* This process, which stays outside, becomes the agent of those namespaces. */
static void become_agent_of(const struct place *place)
{
	struct ks_registration registration = registration_for(place->init, "user");
	int queue = open_queue();

	registration_tell(&registration, queue);
	require(!ioctl(queue, KS_IOC_REGISTER, &registration), "cannot register for another's namespaces: %s", strerror(errno));
	/* These descriptors would keep them. */
	for (unsigned int i = 0; i < registration.nr_namespaces; i++)
		close(registration.namespaces[i]);
}

static bool registrations_return_to(long registered, int64_t deadline)
{
	while (counter("registrations") != registered && now_ms() < deadline)
		sleep_ms(50);
	return counter("registrations") == registered;
}

/* The usual case: the agent is the container's own, and ends with it. */
static void try_own_agent(void)
{
	long registered = counter("registrations");
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct agent agent = agent_start(&container, &(struct agent_wish){ 0 });
	int64_t start;
	bool withdrawn;

	require(counter("registrations") == registered + 1, "the registration of an own agent was not counted");
	start = now_ms();
	place_end(&container);
	/* The descriptor of a process keeps its pid namespace, and so the user namespace. */
	agent_kill(&agent);
	withdrawn = registrations_return_to(registered, start + PATIENCE_MS);
	decide(withdrawn, "own-registration-ends-with-container", "a container with an agent has ended; its registration %s after %lld ms",
	       withdrawn ? "was gone" : "was still there", (long long)(now_ms() - start));
}

/* Whether the next container is served as any. */
static bool is_served_anew(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + 2 * PLACE_IDS);
	struct agent agent = agent_start(&container, &(struct agent_wish){ 0 });
	struct reply reply = ask_and_wait(&container, "user", "ks:check:anew:0:0");

	return reply_is_of(&reply, &agent);
}

void check_namespace_end_withdraws(void)
{
	struct place outer, inner;
	int64_t deadline;
	long registered, ends;
	bool ended;

	if (mechanism.route != ROUTE_USERNS && mechanism.route != ROUTE_INTERCEPT) {
		not_applicable("namespace-end-withdraws", "on this route a registration names no namespace");
		not_applicable("registration-pins-no-namespace", "on this route a registration names no namespace");
		not_applicable("own-registration-ends-with-container", "on this route a registration names no namespace");
		return;
	}
	registered = counter("registrations");
	ends = counter("namespace_ends");
	outer = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	only_one_allow(&outer, &only_one_user);
	inner = place_new(&outer, CLONE_NEWUSER | CLONE_NEWNET, 0);
	become_agent_of(&inner);
	require(counter("registrations") == registered + 1, "the registration was not counted");
	require(only_one_more(&outer, &only_one_user) == ENOSPC, "the number of user namespaces is not limited: nothing would be seen");

	place_end(&inner);
	deadline = now_ms() + PATIENCE_MS;
	ended = only_one_ends(&outer, &only_one_user, deadline);
	decide(ended, "registration-pins-no-namespace",
	       "the last process of a user namespace that is registered has ended; %d s later at most, its parent, allowed one child, %s", PATIENCE_MS / 1000,
	       ended ? "could make another" : "could not make another");
	decide(registrations_return_to(registered, deadline), "namespace-end-withdraws",
	       "of %ld registrations, %ld are left after the end of the namespaces that one named, its agent being alive elsewhere",
	       registered + 1, counter("registrations"));
	try_own_agent();
	ends = counter("namespace_ends") - ends;
	fault_was("namespace-ends", ends, is_served_anew());
}
