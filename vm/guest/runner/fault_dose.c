// SPDX-License-Identifier: MIT
/*
 * slow-, reject-, garble-, repeat- and misnumber-answerer: what the agent does wrong itself, because it is asked to
 * (common/dose.h). It counts its hits.
 */
#include "fault.h"

static const enum ks_dose_kind doses[FAULT_KINDS] = {
	[FAULT_SLOW_ANSWERER] = KS_DOSE_SLOW,
	[FAULT_REJECT_ANSWERER] = KS_DOSE_REJECT,
	[FAULT_GARBLE_ANSWERER] = KS_DOSE_GARBLE,
	[FAULT_REPEAT_ANSWERER] = KS_DOSE_REPEAT,
	[FAULT_MISNUMBER_ANSWERER] = KS_DOSE_MISNUMBER,
};

static uint64_t count(const struct fault_record *record)
{
	return dose_hits(&record->container->agents->dose, record->slot);
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agent *agent = agent_live(record->container->agents);

	(void)faults;
	if (agent) {
		struct dose *dose = &record->container->agents->dose;

		dose_give(dose, doses[record->plan->kind], record->plan->amount, record->slot);
		record->counted = 0;
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose);
}

/* The answer that was under way when it was cleared may still have been one. */
static int settle(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;
	uint64_t late = fault_late_hits(record);

	(void)faults;
	record->hits += (uint32_t)late;
	record->amiss = dose_amiss(&agents->dose, record->slot);
	record->gone = agent_live(agents) && late <= 1;
	return 0;
}

const struct fault_kind fault_dose = {
	.inject = inject,
	.undo = undo,
	.settle = settle,
	.count = count,
	.at_once = true,
	.until_hit = true,
};
