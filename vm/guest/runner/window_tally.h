/* SPDX-License-Identifier: MIT */
/* One container's requests of a window, counted and sorted into histograms. */
#ifndef KS_WINDOW_TALLY_H
#define KS_WINDOW_TALLY_H

#include "../common/histogram.h"
#include "window.h"
#include "window_times.h"

#define ERRNO_MAX 4096

/**
 * Hits are in all counts, but their latencies are in `hits` alone. `in_time`: of those ok, how many had ended when the
 * window did. `killed`: requests whose requester was killed while it waited; they are in no other count.
 */
struct tally {
	uint64_t killed, started, ended, ok, in_time, wrong, foreign_ns, open, twice, late;
	uint64_t hits_ok, nobody_free, clock_reads;
	uint32_t errors[ERRNO_MAX];
	struct ks_histogram answered;
	struct ks_histogram failed;
	struct ks_histogram hits;
	struct ks_histogram service;	/* like answered, from the actual start */
	struct ks_histogram rounds;
};

/** Counts window `index` of a container from the ledger. */
void window_tally(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
		  struct tally *tally);

/** When the latency of entry `i` begins: with its start or, in open loop, when that was due. */
uint64_t window_origin(const struct plan_window *window, const struct window_times *times,
		       const struct ks_ledger_entry *entry, uint32_t i);

#endif
