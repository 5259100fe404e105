// SPDX-License-Identifier: MIT
/*
 * storm-requesters: the requesters of a container, which rest at all other times, ask all together, each for a key of its own, in one
 * round after the other. A hit is a round that began.
 */
#include "fault.h"

#include "../common/clock.h"
#include "../common/futex.h"

static struct ks_ledger_container *shared_of(const struct faults *faults, const struct fault_record *record)
{
	return &faults->ledger->shared->container[record->container->index];
}

/* In this window. Entries are taken for all of a round when it begins. */
static uint32_t rounds(const struct faults *faults, const struct fault_record *record)
{
	const struct ks_ledger_container *container = shared_of(faults, record);

	return atomic_load(&container->cursor) / container->requesters;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct ks_ledger_container *container = shared_of(faults, record);

	record->counted = rounds(faults, record);
	atomic_store(&container->gate, 1);
	ks_futex_wake_all(&container->gate);
	record->to_undo = true;
	return 0;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	uint32_t before = (uint32_t)record->counted;

	record->clear_before = ks_now();
	atomic_store(&shared_of(faults, record)->gate, 0);
	record->counted = rounds(faults, record);
	record->hits = (uint32_t)record->counted - before;
	record->clear_after = ks_now();
	record->cleared = true;
	return 0;
}

/* One more round was perhaps about to begin. */
static int settle(struct faults *faults, struct fault_record *record)
{
	record->gone = !atomic_load(&shared_of(faults, record)->gate) && rounds(faults, record) <= record->counted + 1;
	return 0;
}

/* Nothing is to be undone when things went wrong: the gate goes with the cell. */
const struct fault_kind fault_storm_requesters = { .inject = inject, .clear = clear, .settle = settle, .at_once = true };
