// SPDX-License-Identifier: MIT
/*
 * squeeze-memory: the container may have so many MiB, and its agent takes as many again with each answer: what happens to one that
 * leaks. A hit is a process that the kernel killed for it. Others are started in its place until the fault is cleared. It takes an agent a
 * while to take so much, and the kernel to see that there is nothing to be had from others, on a busy host many times as long: so the
 * fault goes on until there was a hit.
 */
#include <stdio.h>

#include "fault_restart.h"
#include "group.h"

#define UNBOUNDED "max"

static uint64_t count(const struct fault_record *record)
{
	return group_count(record->container, GROUP_WHOLE, "memory.events", "oom_kill");
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);
	char limit[32];

	(void)faults;
	snprintf(limit, sizeof(limit), "%uM", record->plan->amount);
	if (agent && !group_write(record->container, GROUP_WHOLE, "memory.max", limit)) {
		agents->may_be_killed = true;
		dose_give(&agents->dose, KS_DOSE_HOARD, record->plan->amount, record->slot);
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose, record->slot);
	group_write(record->container, GROUP_WHOLE, "memory.max", UNBOUNDED);
}

static int restart(struct faults *faults, struct fault_record *record)
{
	return fault_restart(faults, record->container->agents);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	if (fault_restart_settle(faults, record))
		return -1;
	record->container->agents->may_be_killed = false;
	/* The kernel may have been about to kill one. */
	record->gone = group_holds(record->container, GROUP_WHOLE, "memory.max", UNBOUNDED) && fault_late_hits(record) <= 1;
	return 0;
}

const struct fault_kind fault_squeeze_memory = {
	.inject = inject,
	.keep_up = restart,
	.undo = undo,
	.clear = restart,
	.settle = settle,
	.count = count,
	.grouped = true,
	.at_once = true,
	.until_hit = true,
	.supervised = true,
};
