/* SPDX-License-Identifier: MIT */
#ifndef KS_FAULT_H
#define KS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "container.h"
#include "plan.h"

/* `over`: its second time, until_ms, has come too, or there is nothing to be undone. */
enum fault_state { FAULT_PLANNED, FAULT_INJECTED, FAULT_OVER };

/** What became of one fault of a window. Times of CLOCK_MONOTONIC, before and after what was done. */
struct fault_record {
	const struct plan_fault *plan;
	struct container *container;
	enum fault_state state;
	uint32_t hits;
	uint32_t pid;
	struct agent *agent;		/* which was hit */
	uint64_t inject_before;
	uint64_t inject_after;
	bool cleared;
	uint64_t clear_before;
	uint64_t clear_after;
	struct agent *successor;	/* kill-answerer: the agent started for it; its word is the `after` */
};

/** The faults of one window, and what they need to know. */
struct faults {
	const struct plan_cell *cell;
	uint64_t window_start;		/* CLOCK_MONOTONIC ns; known only once the load runs */
	struct fault_record records[PLAN_FAULTS_MAX];
	uint32_t count;
};

/** A kind of fault: what is done at at_ms, and at until_ms if something was hit. Both return 0, or -1 with a failure. */
struct fault_kind {
	int (*inject)(struct faults *faults, struct fault_record *record);
	int (*clear)(struct faults *faults, struct fault_record *record);
};

extern const struct fault_kind fault_kill_answerer;
extern const struct fault_kind fault_stop_answerer;

/** Gets ready for a window's faults; no load may be running. */
void faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		    struct container *containers);

/** Milliseconds into the window at which something is next to be done, or -1. */
int64_t faults_next_ms(const struct faults *faults);

/** Does everything that is due `ms` into the window. 0, or -1 with a failure. */
int faults_act(struct faults *faults, uint32_t ms);

/** When its time is up or all its requesters rest: what is stopped is continued, that its last requests may end. */
void faults_window_over(struct faults *faults);

/** After the window: starts the agents that are still to be started, and waits, bounded, for all. 0, or -1 with a failure. */
int faults_settle(struct faults *faults, uint64_t now);

/** Emits the `fault` frames. */
void faults_report(const struct faults *faults, uint32_t window_index);

#endif
