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

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agent *agent = agent_live(record->container->agents);

	if (agent) {
		struct dose *dose = &record->container->agents->dose;

		dose_give(dose, doses[record->plan->kind], record->plan->amount, fault_slot(faults, record));
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose);
}

static int clear(struct faults *faults, struct fault_record *record)
{
	record->counted = dose_hits(&record->container->agents->dose, fault_slot(faults, record));
	return 0;
}

/* The answer that was under way when it was cleared may still have been one. */
static int settle(struct faults *faults, struct fault_record *record)
{
	const struct dose *dose = &record->container->agents->dose;

	record->hits = dose_hits(dose, fault_slot(faults, record));
	record->amiss = dose_amiss(dose, fault_slot(faults, record));
	record->gone = agent_live(record->container->agents) && record->hits - record->counted <= 1;
	return 0;
}

const struct fault_kind fault_dose = { .inject = inject, .undo = undo, .clear = clear, .settle = settle, .at_once = true };
