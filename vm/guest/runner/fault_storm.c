// SPDX-License-Identifier: MIT
/*
 * storm-requesters: the requesters of a container, which rest at all other times, ask all together, each for a key of its own, in one
 * round after the other. A hit is a round that began.
 */
#include "fault.h"

#include "../common/futex.h"

static struct ks_ledger_container *shared_of(const struct fault_record *record)
{
	return &record->container->ledger->shared->container[record->container->index];
}

/* In this window. Entries are taken for all of a round when it begins. */
static uint64_t rounds(const struct fault_record *record)
{
	const struct ks_ledger_container *container = shared_of(record);

	return atomic_load(&container->cursor) / container->requesters;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct ks_ledger_container *container = shared_of(record);

	(void)faults;
	atomic_store(&container->gate, 1);
	ks_futex_wake_all(&container->gate);
	record->to_undo = true;
	return 0;
}

static void undo(struct fault_record *record)
{
	atomic_store(&shared_of(record)->gate, 0);
}

/* One more round was perhaps about to begin. */
static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = !atomic_load(&shared_of(record)->gate) && fault_late_hits(record) <= 1;
	return 0;
}

const struct fault_kind fault_storm_requesters = { .inject = inject, .undo = undo, .settle = settle, .count = rounds, .at_once = true };
