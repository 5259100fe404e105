/* SPDX-License-Identifier: MIT */
/* The runner's side of the ledger (common/ledger.h). */
#ifndef KS_RUNNER_LEDGER_H
#define KS_RUNNER_LEDGER_H

#include <stdbool.h>

#include "../common/ledger.h"
#include "events.h"
#include "plan.h"

/** The ledger of a cell. fds: memory, and eventfd written when the last requester rests. */
struct ledger {
	struct ks_ledger *shared;
	uint64_t size;
	int fds[2];
	uint32_t requesters;
	bool resting;
};

/** Makes an empty ledger for a cell. 0, or -1 with a failure; close it in both cases. */
int ledger_open(struct ledger *ledger, const struct plan_cell *cell, uint64_t init_userns);

void ledger_close(struct ledger *ledger);

/** Empties it and starts a phase. Requesters must be at rest. Returns the time it was started. */
uint64_t ledger_start(struct ledger *ledger, enum ks_phase_kind kind, uint32_t limit, uint64_t duration_ns);

/** Ends the phase early: no request starts any more. */
void ledger_stop(struct ledger *ledger);

/** Sleeps until all requesters rest, at most until `until`. `phase` as in events_wait. */
enum wait_result ledger_await(struct ledger *ledger, uint64_t until, const char *phase);

/** Entries of a container that were taken in this phase. */
uint32_t ledger_used(const struct ledger *ledger, uint32_t container);

#endif
