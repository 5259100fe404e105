// SPDX-License-Identifier: MIT
/*
 * crash-answerer: the agent exits when it has been told of a request and before it answers; so does each that is started in
 * its place, until the fault is cleared. The runner looks for a dead one at intervals: one that crashes as fast as it can be
 * started must not take the processor from everybody else.
 */
#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "fault_dose.h"
#include "fault_restart.h"

/* From an agent's word that it crashes to that of its end. */
#define END_MS (5000 * slowness())

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);

	(void)faults;
	if (agent) {
		agents->may_crash = true;
		dose_give(&agents->dose, KS_DOSE_CRASH, 0, record->slot);
		record->counted = 0;
		record->crashes_before = agents->crashes;
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static int restart(struct faults *faults, struct fault_record *record)
{
	return fault_restart(faults, record->container->agents);
}

static bool all_were_heard_of(const void *arg)
{
	const struct fault_record *record = arg;

	return record->container->agents->crashes - record->crashes_before >= fault_dose_hits(record);
}

/* One that has said that it crashes is not to be taken for one that stays. */
static int settle(struct faults *faults, struct fault_record *record)
{
	if (events_wait(ks_now() + END_MS * KS_NS_PER_MS, all_were_heard_of, record, "agent end") == WAIT_FAILED ||
	    fault_restart_settle(faults, record))
		return -1;
	record->gone = fault_dose_settle(record);
	return 0;
}

const struct fault_kind fault_crash_answerer = {
	.inject = inject,
	.keep_up = restart,
	.undo = fault_dose_end,
	.clear = restart,
	.settle = settle,
	.count = fault_dose_hits,
	.at_once = true,
	.until_hit = true,
	.supervised = true,
};
