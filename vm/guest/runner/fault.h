/* SPDX-License-Identifier: MIT */
#ifndef KS_FAULT_H
#define KS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "container.h"
#include "plan.h"

/** What became of one fault of a window. */
struct fault_record {
	const struct plan_fault *plan;
	bool injected;		/* it was its time */
	uint32_t hits;
	bool restarted;		/* a new agent was told to start */
	bool awaits_restart;
	uint64_t inject_before;
	uint64_t inject_after;
	uint32_t pid;
	uint64_t restart_at;
	struct agent *successor;
};

/** The faults of one window, and what they need to know. */
struct faults {
	const struct plan_cell *cell;
	struct container *containers;
	struct fault_record records[PLAN_FAULTS_MAX];
	uint32_t count;
};

/** Gets ready for a window's faults; no load may be running. */
void faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		    struct container *containers);

/** Milliseconds into the window at which something is next to be done, or -1. */
int64_t faults_next_ms(const struct faults *faults);

/** Does everything that is due `ms` into the window. 0, or -1 with a failure. */
int faults_act(struct faults *faults, uint32_t ms);

/** After the window: starts the agents that are still to be started, and waits, bounded, for all. 0, or -1 with a failure. */
int faults_settle(struct faults *faults, uint64_t now);

/** Emits the `fault` frames. */
void faults_report(const struct faults *faults, uint32_t window_index);

#endif
