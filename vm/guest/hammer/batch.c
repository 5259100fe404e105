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

static void enter(const struct requester *self, const struct question *question, const struct outcome *outcome,
		  struct ks_ledger_entry *entry)
{
	entry->worker = (uint16_t)self->worker;
	entry->sequence = question->sequence;
	entry->agent = outcome->agent;
	entry->error = outcome->error;
	entry->flags = outcome->flags;
	atomic_store(&entry->ends, 1);
}

/* Whether it is as it should be, and was counted. */
static bool count_usual(struct ks_ledger_tally *tally, const struct outcome *outcome)
{
	if (outcome->error)
		return false;
	if (tally->ok == 0)
		tally->agent = outcome->agent;
	if (outcome->agent != tally->agent)
		return false;
	tally->ok++;
	tally->wrong += (outcome->flags & KS_ENTRY_WRONG) != 0;
	tally->foreign_ns += (outcome->flags & KS_ENTRY_FOREIGN_NS) != 0;
	return true;
}

void batch_run(struct requester *self)
{
	struct ks_ledger_tally *tally = self->tally;
	/* Taken before it is needed: no request is made that could not be entered. */
	struct ks_ledger_entry *entry = phase_take_entry(self);
	uint32_t made = 0;

	while (entry && !atomic_load(&self->ledger->stop)) {
		struct question question = question_next(self);
		struct outcome outcome;

		if (made == 0)
			read_clock(tally);
		tally->started++;
		outcome = request_make_untimed(self, &question);
		tally->ended++;
		if (!count_usual(tally, &outcome)) {
			enter(self, &question, &outcome, entry);
			entry = phase_take_entry(self);
		}
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
