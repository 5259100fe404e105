// SPDX-License-Identifier: MIT
/*
 * crash-answerer: the agent exits when it has been told of a request and before it answers; so does each that the runner
 * starts in its place, until the fault is cleared. The runner looks for a dead one at intervals, as a supervisor does: one
 * that crashes as fast as it can be started must not take the processor from everybody else.
 */
#include "fault.h"

#include "../common/clock.h"
#include "events.h"
#include "failure.h"

/* Incarnations that may crash in answers that were under way when the fault was cleared, and then some. */
#define LAST_CRASHES_MAX 4
#define RESTART_MS 20000

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);

	record->inject_before = ks_now();
	if (agent) {
		dose_empty(&agents->dose, fault_slot(faults, record));
		agents->may_crash = true;
		dose_give(&agents->dose, KS_DOSE_CRASH, 0, fault_slot(faults, record));
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	record->inject_after = ks_now();
	return 0;
}

static int start_if_crashed(struct faults *faults, struct agents *agents)
{
	const struct agent *newest = agent_newest(agents);

	/* Who was killed is another fault's to replace. */
	return newest->ended && !newest->killed ? agent_start(agents, faults->cell, true) : 0;
}

static int keep_up(struct faults *faults, struct fault_record *record)
{
	return start_if_crashed(faults, record->container->agents);
}

static int clear(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;

	record->clear_before = ks_now();
	dose_end(&agents->dose);
	record->counted = dose_hits(&agents->dose, fault_slot(faults, record));
	record->clear_after = ks_now();
	record->cleared = true;
	return start_if_crashed(faults, agents);
}

static bool has_come_or_gone(const void *arg)
{
	const struct agent *newest = agent_newest((struct agents *)arg);

	return newest->ready || newest->ended;
}

static int settle(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	const struct agent *live;

	for (int i = 0; i < LAST_CRASHES_MAX && !agent_live(agents); i++) {
		if (start_if_crashed(faults, agents))
			return -1;
		if (events_wait(ks_now() + RESTART_MS * KS_NS_PER_MS, has_come_or_gone, agents, "agent start") == WAIT_FAILED)
			return -1;
	}
	live = agent_live(agents);
	if (!live)
		return fail("agent", "no agent of container '%s' stays after the fault crash-answerer was cleared",
			    record->container->plan->name);
	if (live->ready_at > record->clear_after)
		record->clear_after = live->ready_at;
	record->clear_pid = (uint32_t)live->pid;
	record->hits = dose_hits(&agents->dose, fault_slot(faults, record));
	record->gone = record->hits - record->counted <= 1;
	return 0;
}

const struct fault_kind fault_crash_answerer = {
	.inject = inject,
	.keep_up = keep_up,
	.clear = clear,
	.settle = settle,
	.at_once = true,
};
