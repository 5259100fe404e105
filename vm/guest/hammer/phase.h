/* SPDX-License-Identifier: MIT */
/* The ways in which requests are begun, each in a file of its own. All return when the phase is over for this requester. */
#ifndef KS_PHASE_H
#define KS_PHASE_H

#include "requester.h"

/** One request after the other, `limit` of them; nothing is entered. */
void warmup_run(struct requester *self);

/** One request after the other until the deadline or until all containers have ended enough. */
void closed_loop_run(struct requester *self);

/** The next start of the container that nobody has taken, when it is due. */
void open_loop_run(struct requester *self);

/** One request after the other, timed in batches. */
void batch_run(struct requester *self);

/** One request in every round that begins, whatever the phase's kind. */
void storm_run(struct requester *self);

/**
 * Counts `count` more requests as ended. When that makes enough of them in this container, and it is the last of all
 * containers, the phase is stopped.
 */
void phase_count_ended(struct requester *self, uint32_t count);

/** Sleeps for the ledger's back-off, or until the phase is stopped. */
void phase_back_off(struct requester *self);

/** The next free entry of the container; NULL, and the window is truncated, when there is none. */
struct ks_ledger_entry *phase_take_entry(struct requester *self);

#endif
