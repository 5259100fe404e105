// SPDX-License-Identifier: MIT
/*
 * squeeze-memory: the container may have so many MiB, and its agent takes more and more: what happens to one that leaks. A hit
 * is a process that the kernel killed for it. Others are started in its place until the fault is cleared.
 */
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "fault_restart.h"
#include "group.h"

#define UNBOUNDED "max"

static uint64_t killed(const struct fault_record *record)
{
	return group_count(record->container, GROUP_WHOLE, "memory.events", "oom_kill");
}

static int prepare(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	if (agent_live(record->container->agents))
		group_prepare(record->container);
	return 0;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	struct agent *agent = agent_live(agents);
	char limit[32];

	record->counted = killed(record);
	snprintf(limit, sizeof(limit), "%uM", record->plan->amount);
	record->inject_before = ks_now();
	if (agent && !group_write(record->container, GROUP_WHOLE, "memory.max", limit)) {
		agents->may_be_killed = true;
		dose_empty(&agents->dose, fault_slot(faults, record));
		dose_give(&agents->dose, KS_DOSE_HOARD, 0, fault_slot(faults, record));
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	record->inject_after = ks_now();
	return 0;
}

static int keep_up(struct faults *faults, struct fault_record *record)
{
	return fault_restart(faults, record->container->agents);
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose);
	group_write(record->container, GROUP_WHOLE, "memory.max", UNBOUNDED);
}

static int clear(struct faults *faults, struct fault_record *record)
{
	record->clear_before = ks_now();
	undo(record);
	record->hits = (uint32_t)(killed(record) - record->counted);
	record->clear_after = ks_now();
	record->cleared = true;
	return fault_restart(faults, record->container->agents);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	char limit[32] = "";

	if (fault_restart_settle(faults, record))
		return -1;
	record->container->agents->may_be_killed = false;
	group_read(record->container, GROUP_WHOLE, "memory.max", limit, sizeof(limit));
	/* The kernel may have been about to kill one. */
	record->gone = strcmp(limit, UNBOUNDED) == 0 && killed(record) - record->counted - record->hits <= 1;
	return 0;
}

const struct fault_kind fault_squeeze_memory = {
	.prepare = prepare,
	.inject = inject,
	.keep_up = keep_up,
	.clear = clear,
	.settle = settle,
	.undo = undo,
	.at_once = true,
};
