// SPDX-License-Identifier: MIT
/*
 * crash-answerer: the agent exits when it has been told of a request and before it answers; so does each that is started in
 * its place, until the fault is cleared. The runner looks for a dead one at intervals: one that crashes as fast as it can be
 * started must not take the processor from everybody else.
 */
#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "fault_restart.h"

/* From an agent's word that it crashes to that of its end. */
#define END_MS (5000 * slowness())

static uint64_t count(const struct fault_record *record)
{
	return dose_hits(&record->container->agents->dose, record->slot);
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);

	(void)faults;
	if (agent) {
		agents->may_crash = true;
		dose_give(&agents->dose, KS_DOSE_CRASH, 0, record->slot);
		record->counted = 0;
		record->ended = agents->ended;
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose);
}

static int keep_up(struct faults *faults, struct fault_record *record)
{
	return fault_restart(faults, record->container->agents);
}

static int clear(struct faults *faults, struct fault_record *record)
{
	return fault_restart(faults, record->container->agents);
}

static bool all_were_heard_of(const void *arg)
{
	const struct fault_record *record = arg;

	return record->container->agents->ended - record->ended >= count(record);
}

/* One that has said that it crashes is not to be taken for one that stays. */
static int settle(struct faults *faults, struct fault_record *record)
{
	uint64_t late;

	if (events_wait(ks_now() + END_MS * KS_NS_PER_MS, all_were_heard_of, record, "agent end") == WAIT_FAILED ||
	    fault_restart_settle(faults, record))
		return -1;
	late = fault_late_hits(record);
	record->hits += (uint32_t)late;
	record->gone = late <= 1;
	return 0;
}

const struct fault_kind fault_crash_answerer = {
	.inject = inject,
	.keep_up = keep_up,
	.undo = undo,
	.clear = clear,
	.settle = settle,
	.count = count,
	.at_once = true,
	.until_hit = true,
};
