// SPDX-License-Identifier: MIT
/* Closed loop: one request outstanding at a time, the next as soon as it has ended. */
#include "phase.h"
#include "request.h"

void warmup_run(struct requester *self)
{
	const struct ks_phase *phase = &self->ledger->phase;
	struct ks_ledger_entry unentered = { 0 };

	for (uint32_t made = 0; made < phase->limit && !atomic_load(&self->ledger->stop); made++) {
		struct question question = question_next(self);

		if (!request_make(self, &question, &unentered, 0, phase->deadline))
			return;
		if (unentered.error)
			phase_back_off(self);
	}
}

void closed_loop_run(struct requester *self)
{
	while (!atomic_load(&self->ledger->stop)) {
		struct ks_ledger_entry *entry = phase_take_entry(self);
		struct question question;

		if (!entry)
			return;
		question = question_next(self);
		if (!request_make(self, &question, entry, 0, self->ledger->phase.deadline))
			return;
		phase_count_ended(self, 1);
		if (entry->error)
			phase_back_off(self);
	}
}
