// SPDX-License-Identifier: MIT
/*
 * agent-backlog: requests are waiting for an agent when another takes its place, because the first has died or beside it. Each of them is
 * answered or refused, once, and none is left.
 */
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "crowd.h"
#include "mechanism.h"
#include "puppet.h"
#include "verdict.h"

#define BACKLOG 16
/* Of them, taken by the first agent and not answered. */
#define TAKEN 4
/* A request that does not wait for the module's time has ended by then. */
#define END_MS (3000 * slowness())

static struct crowd crowd;
/* Requests that were waiting when an agent was replaced, in all. */
static long backlog;

/* An agent with a backlog, of which it has taken some. */
static struct puppet behind(const struct place *container, const char *name, struct step taken[TAKEN])
{
	struct puppet puppet = puppet_agent(container);
	long before = puppet_notifications(&puppet);

	crowd_start(&crowd, container, name, BACKLOG);
	require(puppet_is_notified(&puppet, before + BACKLOG), "the agent was not told of %d requests", BACKLOG);
	backlog += puppet_notifications(&puppet) - before;
	for (int i = 0; i < TAKEN; i++)
		require(puppet_is_told(&puppet, &taken[i], PATIENCE_MS), "the agent could not take request %d", i);
	return puppet;
}

/* Has it answer all that it is told of by now; how many answers the kernel took. */
static int answer_rest(const struct puppet *puppet)
{
	struct step step;
	int given = 0;

	while (puppet_is_told(puppet, &step, 0))
		given += !puppet_does(puppet, puppet_answer, &step);
	return given;
}

static bool try_death(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct step taken[TAKEN];
	struct puppet first = behind(&container, "death", taken), second;
	int given, ended;
	bool served;

	puppet_kill(&first);
	second = puppet_agent(&container);
	given = answer_rest(&second);
	ended = crowd_hear(&crowd, END_MS);
	decide(ended == BACKLOG && crowd_answered(&crowd) == given, "backlog-ends-with-agent",
	       "an agent with %d requests, %d of them taken, was killed and another registered, which was told of %d and answered them: %d were answered, %d refused, and %d still waited after %d ms",
	       BACKLOG, TAKEN, given, crowd_answered(&crowd), ended - crowd_answered(&crowd), BACKLOG - ended, END_MS);
	crowd_end(&crowd);
	served = is_served(&container, &second, "ks:check:after:0:0");
	place_end(&container);
	return served;
}

static bool try_replacement(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct step taken[TAKEN];
	struct puppet first = behind(&container, "replaced", taken), second = puppet_agent(&container);
	int of_first = 0, of_second, ended;
	bool served;

	for (int i = 0; i < TAKEN; i++)
		of_first += !puppet_does(&first, puppet_answer, &taken[i]);
	of_first += answer_rest(&first);
	of_second = answer_rest(&second);
	ended = crowd_hear(&crowd, END_MS);
	decide(ended == BACKLOG && crowd_answered(&crowd) == of_first + of_second, "backlog-served-once",
	       "an agent with %d requests, %d of them taken, was replaced and lived on; it then gave %d answers, its successor %d: %d were answered, %d refused, and %d still waited after %d ms",
	       BACKLOG, TAKEN, of_first, of_second, crowd_answered(&crowd), ended - crowd_answered(&crowd), BACKLOG - ended, END_MS);
	crowd_end(&crowd);
	served = is_served(&container, &second, "ks:check:after:0:0");
	place_end(&container);
	return served;
}

void check_agent_backlog(void)
{
	bool after_death, after_replacement;

	if (!has_agents()) {
		not_applicable("backlog-ends-with-agent", "there are no agents: every request has a helper of its own");
		not_applicable("backlog-served-once", "there are no agents: every request has a helper of its own");
		return;
	}
	after_death = try_death();
	after_replacement = try_replacement();
	fault_was("agent-restarted", backlog, after_death && after_replacement);
}
