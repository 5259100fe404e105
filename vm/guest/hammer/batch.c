// SPDX-License-Identifier: MIT
/*
 * Closed loop, timed only in batches: what is measured beside it is what the timing of each request costs. The deadline
 * needs no clock: the runner sets `stop`.
 */
#include "../common/clock.h"
#include "phase.h"
#include "request.h"

static void read_clock(struct ks_ledger_tally *tally)
{
	ks_now();
	tally->clock_reads++;
}

static void enter(struct requester *self, const struct question *question, const struct outcome *outcome)
{
	struct ks_ledger_entry *entry = phase_take_entry(self);

	if (!entry)
		return;
	entry->worker = (uint16_t)self->worker;
	entry->sequence = question->sequence;
	entry->agent = outcome->agent;
	entry->error = outcome->error;
	entry->flags = outcome->flags;
	atomic_store(&entry->ends, 1);
}

static void judge(struct requester *self, const struct question *question, const struct outcome *outcome)
{
	struct ks_ledger_tally *tally = self->tally;

	if (tally->ok == 0 && !outcome->error)
		tally->agent = outcome->agent;
	if (outcome->error || outcome->agent != tally->agent) {
		enter(self, question, outcome);
		return;
	}
	tally->ok++;
	tally->wrong += (outcome->flags & KS_ENTRY_WRONG) != 0;
	tally->foreign_ns += (outcome->flags & KS_ENTRY_FOREIGN_NS) != 0;
}

void batch_run(struct requester *self)
{
	struct ks_ledger_tally *tally = self->tally;
	uint32_t made = 0;

	while (!atomic_load(&self->ledger->stop)) {
		struct question question = question_next(self);
		struct outcome outcome;

		if (made == 0)
			read_clock(tally);
		tally->started++;
		outcome = request_make_untimed(self, &question);
		tally->ended++;
		judge(self, &question, &outcome);
		phase_count_ended(self, 1);
		if (++made == KS_BATCH_SIZE) {
			read_clock(tally);
			made = 0;
		}
		if (outcome.error)
			phase_back_off(self);
	}
	if (made > 0)
		read_clock(tally);
}
