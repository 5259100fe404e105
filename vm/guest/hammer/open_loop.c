// SPDX-License-Identifier: MIT
/*
 * Open loop: starts are due at fixed times, whatever happened to earlier ones. Who is free takes the next and sleeps until
 * it is due. Nobody spins: agent and requesters may have one processor between them.
 */
#include "../common/arrivals.h"
#include "../common/futex.h"
#include "phase.h"
#include "request.h"

/* Whether the time came before the end of the phase. */
static bool sleep_until(struct ks_ledger *ledger, uint64_t due)
{
	while (!atomic_load(&ledger->stop)) {
		if (ks_now() >= due)
			return true;
		ks_futex_wait_until(&ledger->stop, 0, due);
	}
	return false;
}

/* A failed request is followed by no back-off: the rate bounds the load already, and the next start must not wait. */
void open_loop_run(struct requester *self)
{
	const struct ks_phase *phase = &self->ledger->phase;

	for (;;) {
		uint32_t k = atomic_fetch_add_explicit(&self->container->cursor, 1, memory_order_relaxed);
		struct question question;
		uint64_t due;
		uint8_t flags;

		if (k >= phase->starts) {
			sleep_until(self->ledger, phase->deadline);
			return;
		}
		due = ks_arrival_due(phase->start, phase->rate, k);
		flags = ks_now() > due ? KS_ENTRY_NOBODY_FREE : 0;
		if (!sleep_until(self->ledger, due))
			return;
		question = question_next(self);
		if (!request_make(self, &question, self->entries + k, flags, phase->deadline))
			return;
		phase_count_ended(self, 1);
	}
}
