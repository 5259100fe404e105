/* SPDX-License-Identifier: MIT */
#ifndef KS_REQUEST_H
#define KS_REQUEST_H

#include <stdint.h>

#include "../common/ledger.h"

/** A requester: the words of its descriptions, its place in the ledger, its user namespace's inode. */
struct requester {
	const char *cell;
	const char *name;
	uint32_t container;
	uint32_t worker;
	uint32_t sequence;
	uint64_t userns;
};

/**
 * Makes one request: enters it, times request_key(2) alone, enters how it ended, checks the answer, and drops the key.
 */
void request_make(struct requester *self, const struct ks_ledger *ledger, struct ks_ledger_entry *entry);

#endif
