// SPDX-License-Identifier: MIT
/*
 * slow-, reject-, garble-, repeat- and misnumber-answerer: what the agent does wrong itself, because it is asked to
 * (common/dose.h). It counts its hits.
 */
#include "fault.h"

#include "../common/clock.h"

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

	record->inject_before = ks_now();
	if (agent) {
		struct dose *dose = &record->container->agents->dose;

		dose_empty(dose, fault_slot(faults, record));
		dose_give(dose, doses[record->plan->kind], record->plan->amount, fault_slot(faults, record));
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	record->inject_after = ks_now();
	return 0;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	struct dose *dose = &record->container->agents->dose;

	record->clear_before = ks_now();
	dose_end(dose);
	record->counted = dose_hits(dose, fault_slot(faults, record));
	record->clear_after = ks_now();
	record->cleared = true;
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

const struct fault_kind fault_dose = { .inject = inject, .clear = clear, .settle = settle, .at_once = true };
