// SPDX-License-Identifier: MIT
/*
 * host-helper-absent: /sbin/request-key is executed for nobody but a requester in all of the init namespaces. For a container
 * it runs as often as the mechanism is declared to run it, and the mechanisms of today's kernel run it every time.
 */
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

#define REQUESTS 3

static long count_helpers(const struct place *container, const char *name, struct reply *last)
{
	long before = counter("helper_execs");

	for (int i = 0; i < REQUESTS; i++) {
		char description[64];

		snprintf(description, sizeof(description), "ks:check:%s:0:%d", name, i);
		*last = ask_and_wait(container, "user", description);
	}
	return counter("helper_execs") - before;
}

void check_host_helper_absent(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct reply last;
	long runs;

	runs = count_helpers(&container, "unserved", &last);
	decide(runs == 0, "host-helper-absent-unserved",
	       "%d requests from a container that nobody serves executed the host's helper %ld times; the last: %s", REQUESTS, runs,
	       reply_text(&last));
	if (!has_agents()) {
		decide(runs == 0, "host-helper-absent-served",
		       "this mechanism has no agents: %d requests executed the host's helper %ld times", REQUESTS, runs);
		return;
	}
	agent_start(&container, &(struct agent_wish){ 0 });
	runs = count_helpers(&container, "served", &last);
	decide(runs == 0, "host-helper-absent-served",
	       "%d requests from a container with an agent executed the host's helper %ld times; the last: %s", REQUESTS, runs,
	       reply_text(&last));
	place_end(&container);
}
