// SPDX-License-Identifier: MIT
#include "fault_restart.h"

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"

/* Incarnations that may still die of what was under way when the fault was cleared, and then some. */
#define LAST_MAX 4
/* For all of them. */
#define START_MS (20000 * slowness())

int fault_restart(struct faults *faults, struct agents *agents)
{
	const struct agent *newest = agent_newest(agents);

	return newest->ended && !newest->killed ? agent_start(agents, faults->cell, true) : 0;
}

/* One that has died already is ready for as long as nobody has heard of it. */
static bool is_known(const void *arg)
{
	struct agents *agents = (struct agents *)arg;
	const struct agent *live = agent_live(agents);

	return agent_newest(agents)->ended || (live && !agent_is_gone(live));
}

int fault_restart_settle(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	uint64_t until = ks_now() + START_MS * KS_NS_PER_MS;
	const struct agent *live = NULL;

	for (int i = 0; i <= LAST_MAX && !live; i++) {
		if (i > 0 && fault_restart(faults, agents))
			return -1;
		if (events_wait(until, is_known, agents, "agent start") == WAIT_FAILED)
			return -1;
		live = agent_live(agents);
	}
	if (!live)
		return fail("agent", "no agent of container '%s' stays, though the fault %s was cleared",
			    record->container->plan->name, plan_fault_kinds[record->plan->kind].name);
	if (live->ready_at > record->clear_after)
		record->clear_after = live->ready_at;
	record->clear_pid = (uint32_t)live->pid;
	return 0;
}
