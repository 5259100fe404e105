// SPDX-License-Identifier: MIT
/*
 * slow-, reject-, garble-, repeat- and misnumber-answerer: what the agent does wrong itself, because it is asked to
 * (common/dose.h). It counts its hits.
 */
#include "fault_dose.h"

static const enum ks_dose_kind doses[FAULT_KINDS] = {
	[FAULT_SLOW_ANSWERER] = KS_DOSE_SLOW,
	[FAULT_REJECT_ANSWERER] = KS_DOSE_REJECT,
	[FAULT_GARBLE_ANSWERER] = KS_DOSE_GARBLE,
	[FAULT_REPEAT_ANSWERER] = KS_DOSE_REPEAT,
	[FAULT_MISNUMBER_ANSWERER] = KS_DOSE_MISNUMBER,
};

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

/* The answer that was under way when it was cleared may still have been one. */
static int settle(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;

	(void)faults;
	record->gone = fault_dose_settle(record) && agent_live(agents);
	record->amiss = dose_amiss(&agents->dose, record->slot);
	return 0;
}

const struct fault_kind fault_dose = {
	.inject = inject,
	.undo = fault_dose_end,
	.settle = settle,
	.count = fault_dose_hits,
	.at_once = true,
	.until_hit = true,
};
