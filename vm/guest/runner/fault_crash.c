// SPDX-License-Identifier: MIT
/*
 * crash-answerer: the agent exits when it has been told of a request and before it answers; so does each that is started in
 * its place, until the fault is cleared. The runner looks for a dead one at intervals: one that crashes as fast as it can be
 * started must not take the processor from everybody else.
 */
#include "fault_restart.h"

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);

	if (agent) {
		agents->may_crash = true;
		dose_give(&agents->dose, KS_DOSE_CRASH, 0, fault_slot(faults, record));
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
	record->counted = dose_hits(&record->container->agents->dose, fault_slot(faults, record));
	return fault_restart(faults, record->container->agents);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	if (fault_restart_settle(faults, record))
		return -1;
	record->hits = dose_hits(&record->container->agents->dose, fault_slot(faults, record));
	record->gone = record->hits - record->counted <= 1;
	return 0;
}

const struct fault_kind fault_crash_answerer = {
	.inject = inject,
	.keep_up = keep_up,
	.undo = undo,
	.clear = clear,
	.settle = settle,
	.at_once = true,
};
