// SPDX-License-Identifier: MIT
/*
 * starve-answerer: the agent gets no more than so many thousandths of a processor. A hit is a period of a tenth of a second
 * in which it wanted more.
 */
#include "fault.h"

#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "group.h"

#define PERIOD_US 100000
#define UNBOUNDED "max 100000"

static uint64_t throttled(const struct fault_record *record)
{
	return group_count(record->container, GROUP_AGENT, "cpu.stat", "nr_throttled");
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
	const struct agent *agent = agent_live(record->container->agents);
	char limit[32];

	(void)faults;
	record->counted = throttled(record);
	snprintf(limit, sizeof(limit), "%u %u", record->plan->amount * (PERIOD_US / 1000), PERIOD_US);
	record->inject_before = ks_now();
	if (agent && !group_write(record->container, GROUP_AGENT, "cpu.max", limit)) {
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	record->inject_after = ks_now();
	return 0;
}

static void undo(struct fault_record *record)
{
	group_write(record->container, GROUP_AGENT, "cpu.max", UNBOUNDED);
}

static int clear(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->clear_before = ks_now();
	undo(record);
	record->hits = (uint32_t)(throttled(record) - record->counted);
	record->clear_after = ks_now();
	record->cleared = true;
	return 0;
}

static int settle(struct faults *faults, struct fault_record *record)
{
	char limit[32] = "";

	(void)faults;
	group_read(record->container, GROUP_AGENT, "cpu.max", limit, sizeof(limit));
	/* The period in which it was cleared may be counted late. */
	record->gone = strcmp(limit, UNBOUNDED) == 0 && throttled(record) - record->counted - record->hits <= 1;
	return 0;
}

const struct fault_kind fault_starve_answerer = {
	.prepare = prepare,
	.inject = inject,
	.clear = clear,
	.settle = settle,
	.undo = undo,
	.at_once = true,
};
