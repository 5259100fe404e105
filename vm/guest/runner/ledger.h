/* SPDX-License-Identifier: MIT */
/* The runner's side of the ledger (common/ledger.h). */
#ifndef KS_RUNNER_LEDGER_H
#define KS_RUNNER_LEDGER_H

#include <stdbool.h>

#include "../common/ledger.h"
#include "events.h"
#include "json.h"
#include "plan.h"

/** The ledger of a cell. fds: memory, and eventfd written when the last requester rests. */
struct ledger {
	struct ks_ledger *shared;
	uint64_t size;
	int fds[2];
	/* Bits of each container's requesters: which there are, and which of them were killed in this phase and are dead. */
	uint64_t present[KS_CONTAINERS_MAX];
	uint64_t killed[KS_CONTAINERS_MAX];
	bool resting;
	bool has_stages;	/* a window of the cell asks for them */
};

/** How many starts of a container are due in a window with a rate. */
uint32_t ledger_starts(const struct plan_window *window);

/** Makes an empty ledger for a cell. 0, or -1 with a failure; close it in both cases. */
int ledger_open(struct ledger *ledger, const struct plan_cell *cell, uint64_t init_userns);

void ledger_close(struct ledger *ledger);

/**
 * Empties it and starts a phase, whose `start` and `deadline` need not be filled in. Requesters must be at rest. Returns
 * the time at which the phase starts: now or, in open loop, a moment later.
 */
uint64_t ledger_start(struct ledger *ledger, const struct ks_phase *phase, uint64_t duration_ns);

/** Ends the phase, if it goes on: no request starts any more, and in a storm no round. */
void ledger_stop(struct ledger *ledger);

/** Sleeps until all requesters rest, at most until `until`. `phase` as in events_wait. */
enum wait_result ledger_await(struct ledger *ledger, uint64_t until, const char *phase);

/** How many requesters have not come to rest. */
uint32_t ledger_awake(const struct ledger *ledger);

/** A requester of a container is dead: what it had begun never ends, and nobody waits for it to come to rest. */
void ledger_requester_died(struct ledger *ledger, uint32_t container, uint32_t worker);

/** Another is started in its place: it takes part from the next phase on, and until it rests not all do. */
void ledger_requester_expected(struct ledger *ledger, uint32_t container, uint32_t worker);

/** Whether a requester has a request under way, or died with one. */
bool ledger_is_asking(const struct ledger *ledger, uint32_t container, uint32_t worker);

/** Whether an entry is of a requester that was killed before its request ended. */
static inline bool ledger_is_cut_off(const struct ledger *ledger, uint32_t container, const struct ks_ledger_entry *entry)
{
	return entry->start > 0 && entry->ends == 0 && (ledger->killed[container] & UINT64_C(1) << entry->worker);
}

/** Entries of a container that were taken in this phase. */
uint32_t ledger_used(const struct ledger *ledger, uint32_t container);

/** Writes how many requests of the cell were answered and failed, how many were hits, and how many rounds there were. */
void ledger_write_requests(const struct ledger *ledger, struct json *json);

#endif
