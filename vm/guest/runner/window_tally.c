// SPDX-License-Identifier: MIT
#include "window_tally.h"

#include <string.h>

#include "../common/arrivals.h"
#include "../common/clock.h"

uint64_t window_origin(const struct plan_window *window, const struct window_times *times,
		       const struct ks_ledger_entry *entry, uint32_t i)
{
	return window->rate > 0 ? ks_arrival_due(times->start, window->rate, i) : entry->start;
}

/* Nobody but the requester answers a hit: it has found the key it made. */
static bool is_wrong(const struct plan_cell *cell, struct container *container, const struct ks_ledger_entry *entry)
{
	if (entry->flags & KS_ENTRY_WRONG)
		return true;
	return plan_has_agents(cell->mechanism.route) && !(entry->flags & KS_ENTRY_HIT) && !agent_find(container, entry->agent);
}

static void count_answered(struct tally *tally, const struct plan_cell *cell, struct container *container,
			   const struct ks_ledger_entry *entry)
{
	tally->ok++;
	tally->wrong += is_wrong(cell, container, entry);
	tally->foreign_ns += (entry->flags & KS_ENTRY_FOREIGN_NS) != 0;
}

static void count_entry(struct tally *tally, const struct plan_cell *cell, struct container *container,
			const struct ks_ledger_entry *entry, uint64_t origin, uint64_t window_end)
{
	uint64_t latency = entry->end - origin;

	if (entry->start == 0)
		return;
	tally->started++;
	tally->nobody_free += (entry->flags & KS_ENTRY_NOBODY_FREE) != 0;
	if (entry->ends == 0) {
		tally->open++;
		return;
	}
	tally->ended++;
	tally->twice += entry->ends > 1;
	tally->late += latency > cell->deadline_ms * KS_NS_PER_MS;
	if (entry->error) {
		tally->errors[entry->error % ERRNO_MAX]++;
		ks_histogram_record(&tally->failed, latency);
		return;
	}
	count_answered(tally, cell, container, entry);
	tally->in_time += entry->end <= window_end;
	if (entry->flags & KS_ENTRY_HIT) {
		tally->hits_ok++;
		ks_histogram_record(&tally->hits, latency);
	} else {
		ks_histogram_record(&tally->answered, latency);
		ks_histogram_record(&tally->service, entry->end - entry->start);
	}
}

/* From the first start to the last end; nothing for a round with a request that has not ended. */
static void count_round(struct tally *tally, const struct ks_ledger_entry *entries, uint32_t requesters)
{
	uint64_t start = UINT64_MAX, end = 0;

	for (uint32_t i = 0; i < requesters; i++) {
		if (entries[i].ends == 0)
			return;
		start = entries[i].start < start ? entries[i].start : start;
		end = entries[i].end > end ? entries[i].end : end;
	}
	ks_histogram_record(&tally->rounds, end - start);
}

/* What is as it should be was only counted; what was entered has no times. */
static void count_batches(struct tally *tally, const struct plan_cell *cell, struct container *container,
			  const struct ks_ledger_container *shared, const struct ks_ledger_entry *entries, uint32_t used)
{
	for (uint32_t i = 0; i < used; i++) {
		/* Held by a requester that did not need it. */
		if (entries[i].ends == 0)
			continue;
		if (entries[i].error)
			tally->errors[entries[i].error % ERRNO_MAX]++;
		else
			count_answered(tally, cell, container, &entries[i]);
	}
	for (uint32_t i = 0; i < shared->requesters; i++) {
		const struct ks_ledger_tally *counted = &shared->tally[i];
		bool stranger = plan_has_agents(cell->mechanism.route) && counted->ok > 0 && !agent_find(container, counted->agent);

		tally->started += counted->started;
		tally->ended += counted->ended;
		tally->ok += counted->ok;
		tally->wrong += stranger ? counted->ok : counted->wrong;
		tally->foreign_ns += counted->foreign_ns;
		tally->clock_reads += counted->clock_reads;
	}
	tally->open = tally->started - tally->ended;
}

void window_tally(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
		  struct tally *tally)
{
	const struct ks_ledger_container *shared = &stage->ledger.shared->container[container];
	const struct ks_ledger_entry *entries = ks_ledger_entries(stage->ledger.shared, container);
	const struct plan_window *window = &stage->cell->windows[index];
	uint32_t used = ledger_used(&stage->ledger, container);

	memset(tally, 0, sizeof(*tally));
	if (window->batch) {
		count_batches(tally, stage->cell, &stage->containers[container], shared, entries, used);
		return;
	}
	for (uint32_t i = 0; i < used; i++) {
		if (ledger_is_cut_off(&stage->ledger, container, &entries[i])) {
			tally->killed++;
			continue;
		}
		count_entry(tally, stage->cell, &stage->containers[container], &entries[i],
			    window_origin(window, times, &entries[i], i), times->end);
	}
	for (uint32_t round = 0; round < shared->rounds; round++)
		count_round(tally, entries + round * shared->requesters, shared->requesters);
}
