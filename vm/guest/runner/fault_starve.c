// SPDX-License-Identifier: MIT
/*
 * starve-answerer: the agent gets no more than so many thousandths of a processor. A hit is a period of a tenth of a second
 * in which it wanted more.
 */
#include "fault.h"

#include <stdio.h>

#include "group.h"

#define PERIOD_US 100000
#define UNBOUNDED "max 100000"

static uint64_t count(const struct fault_record *record)
{
	return group_count(record->container, GROUP_AGENT, "cpu.stat", "nr_throttled");
}

static int inject(struct faults *faults, struct fault_record *record)
{
	const struct agent *agent = agent_live(record->container->agents);
	char limit[32];

	(void)faults;
	snprintf(limit, sizeof(limit), "%u %u", record->plan->amount * (PERIOD_US / 1000), PERIOD_US);
	if (agent && !group_write(record->container, GROUP_AGENT, "cpu.max", limit)) {
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	group_write(record->container, GROUP_AGENT, "cpu.max", UNBOUNDED);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	/* The period in which it was cleared may be counted late. */
	record->gone = group_holds(record->container, GROUP_AGENT, "cpu.max", UNBOUNDED) && fault_late_hits(record) <= 1;
	return 0;
}

const struct fault_kind fault_starve_answerer = {
	.inject = inject,
	.undo = undo,
	.settle = settle,
	.count = count,
	.grouped = true,
	.at_once = true,
};
