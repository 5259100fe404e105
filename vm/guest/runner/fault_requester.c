// SPDX-License-Identifier: MIT
/*
 * kill-requester: SIGKILL to requesters of a container while they wait for an answer. Others are started in their places, which
 * take part from the next window on. A hit is one that died with its request under way, by the ledger.
 */
#include "fault.h"

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"

/* Beyond the module's timeout: today's kernel lets a requester die no sooner than its helper has ended. */
#define DEATH_MS (15000 * slowness())
/* For those in their places to say that they are there. */
#define START_MS (20000 * slowness())

static bool is_chosen(const struct fault_record *record, uint32_t worker)
{
	return record->chosen & UINT64_C(1) << worker;
}

static bool is_present(const struct faults *faults, const struct fault_record *record, uint32_t worker)
{
	return faults->ledger->present[record->container->index] & UINT64_C(1) << worker;
}

static uint32_t hits(const struct faults *faults, const struct fault_record *record)
{
	uint32_t count = 0;

	for (uint32_t worker = 0; worker < KS_REQUESTERS_MAX; worker++)
		count += is_chosen(record, worker) && ledger_is_asking(faults->ledger, record->container->index, worker);
	return count;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	struct container *container = record->container;
	uint32_t left = record->plan->amount - hits(faults, record);

	for (uint32_t worker = 0; worker < container->plan->requesters && left > 0; worker++) {
		if (!is_present(faults, record, worker) || is_chosen(record, worker) ||
		    container->doomed & UINT64_C(1) << worker || !ledger_is_asking(faults->ledger, container->index, worker))
			continue;
		if (container_kill_requester(container, worker))
			return -1;
		record->chosen |= UINT64_C(1) << worker;
		left--;
	}
	record->to_undo = record->chosen > 0;
	return 0;
}

static bool all_are_dead(const void *arg)
{
	const struct fault_record *record = arg;

	return !(record->container->doomed & record->chosen);
}

/* Whoever was chosen may have had its answer before the signal: others are chosen in the place of those that had. */
static int keep_up(struct faults *faults, struct fault_record *record)
{
	return all_are_dead(record) && hits(faults, record) < record->plan->amount ? inject(faults, record) : 0;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	uint64_t until = ks_now() + (faults->cell->mechanism.timeout_ms + DEATH_MS) * KS_NS_PER_MS;

	if (events_wait(until, all_are_dead, record, NULL) == WAIT_FAILED)
		return -1;
	if (!all_are_dead(record))
		return fail("requester", "requesters of container '%s' are still there %u ms after SIGKILL",
			    record->container->plan->name, faults->cell->mechanism.timeout_ms + DEATH_MS);
	record->inject_after = record->container->died_at;
	record->clear_before = ks_now();
	record->hits = hits(faults, record);
	for (uint32_t worker = 0; worker < KS_REQUESTERS_MAX; worker++) {
		if (!is_chosen(record, worker))
			continue;
		if (container_replace_requester(record->container, faults->cell, worker))
			return -1;
	}
	record->clear_after = ks_now();
	record->cleared = true;
	return 0;
}

static bool all_are_replaced(const void *arg)
{
	const struct fault_record *record = arg;
	const struct ledger *ledger = record->container->ledger;

	return !(atomic_load(&ledger->shared->container[record->container->index].awake) & record->chosen);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	if (events_wait(ks_now() + START_MS * KS_NS_PER_MS, all_are_replaced, record, "requesters start") == WAIT_FAILED)
		return -1;
	record->gone = all_are_replaced(record);
	return 0;
}

const struct fault_kind fault_kill_requester = { .inject = inject, .keep_up = keep_up, .clear = clear, .settle = settle };
