/* SPDX-License-Identifier: MIT */
/*
 * Floors: what the parts cost that no mechanism can do without. Each is measured the way a request is, by two readings of
 * CLOCK_MONOTONIC around it, so each contains the cost of one such reading.
 */
#ifndef KS_FLOOR_H
#define KS_FLOOR_H

#include <stdint.h>

#include "plan.h"

/** A floor: what it needs, one timed iteration, and clearing up. Functions return 0, or -1 with errno. */
struct floor {
	int (*begin)(void);
	/** Does it once; its duration in ns goes to *ns. What is around it is not timed. */
	int (*once)(uint64_t *ns);
	void (*end)(void);
};

extern const struct floor floor_syscall;
extern const struct floor floor_add_key;
extern const struct floor floor_eventfd;
extern const struct floor floor_vfork_exec;

/** Measures a floor and emits its frame. 0, or -1 with a failure. */
int floor_run(enum plan_floor floor, uint32_t iterations);

#endif
