// SPDX-License-Identifier: MIT
#include "phase.h"

#include "../common/clock.h"
#include "../common/futex.h"

void phase_count_ended(struct requester *self, uint32_t count)
{
	struct ks_ledger *ledger = self->ledger;
	uint32_t before = atomic_fetch_add(&self->container->ended, count);

	if (before >= ledger->phase.limit || before + count < ledger->phase.limit)
		return;
	if (atomic_fetch_add(&ledger->reached, 1) + 1 != ledger->containers)
		return;
	atomic_store(&ledger->stopped_at, ks_now());
	atomic_store(&ledger->stop, 1);
	ks_futex_wake_all(&ledger->stop);
}

void phase_back_off(struct requester *self)
{
	struct timespec pause = ks_timespec(self->ledger->backoff_ns);

	if (self->ledger->backoff_ns > 0)
		ks_futex_wait(&self->ledger->stop, 0, &pause);
}

struct ks_ledger_entry *phase_take_entry(struct requester *self)
{
	uint32_t index = atomic_fetch_add_explicit(&self->container->cursor, 1, memory_order_relaxed);

	if (index < self->ledger->capacity)
		return self->entries + index;
	atomic_store_explicit(&self->container->truncated, 1, memory_order_relaxed);
	return NULL;
}
