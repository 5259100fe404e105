/* SPDX-License-Identifier: MIT */
#ifndef KS_REQUEST_H
#define KS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "requester.h"

/** What became of a request that was not timed. */
struct outcome {
	int32_t error;		/* errno, 0 when answered */
	uint32_t agent;
	uint8_t flags;		/* enum ks_entry_flags */
};

/**
 * Makes one request: enters it with `flags`, times request_key(2) alone, enters how it ended, checks the answer, drops
 * the key, and counts it among the container's of the cell. `deadline`: a CLOCK_MONOTONIC time in ns at which it is too
 * late; then false is returned, and nothing was asked.
 */
bool request_make(struct requester *self, const struct question *question, struct ks_ledger_entry *entry, uint8_t flags,
		  uint64_t deadline);

/** Likewise without entry and clock. */
struct outcome request_make_untimed(struct requester *self, const struct question *question);

#endif
