/* SPDX-License-Identifier: MIT */
#ifndef KS_FAULT_H
#define KS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "container.h"
#include "ledger.h"
#include "plan.h"

/* `over`: its second time, until_ms, has come too, or it has hit nothing in its window; it may be `supervised` still. */
enum fault_state { FAULT_PLANNED, FAULT_INJECTED, FAULT_OVER };

/** What became of one fault of a window. Times of CLOCK_MONOTONIC, before and after what was done. */
struct fault_record {
	const struct plan_fault *plan;
	uint32_t slot;			/* its number in its window */
	struct container *container;	/* NULL: the guest as a whole */
	enum fault_state state;
	uint32_t hits;
	uint32_t pid;			/* whom it hit; 0: nobody in particular */
	uint64_t inject_before;
	uint64_t inject_after;
	bool to_undo;			/* it hit something: `clear` is due at until_ms */
	bool cleared;
	uint64_t clear_before;
	uint64_t clear_after;
	uint32_t clear_pid;		/* who took the place of what was hit; 0: nobody */
	bool gone;			/* a probe found it undone */
	bool awaits_hit;		/* its time is up, and it goes on until it has hit */
	uint32_t amiss;			/* how often the kernel did something else to it than it must */
	uint32_t kept_ms;		/* when it is next to be kept up: of the kind's own choosing, or KEEP_UP_MS later */
	/* Of the kind: */
	struct agent *agent;		/* which was hit */
	struct agent *successor;	/* which was started in its place */
	struct credential_server *server;
	uint64_t chosen;		/* bits of the requesters that were hit */
	uint64_t crashes_before;	/* of its agent, at injection */
	uint64_t counted;		/* what is counted or measured at one moment, to be compared with a later one; `count` at injection */
};

/** The faults of one window, and what they need to know. */
struct faults {
	const struct plan_cell *cell;
	struct ledger *ledger;
	uint64_t window_start;		/* CLOCK_MONOTONIC ns; known only once the load runs */
	struct fault_record records[PLAN_FAULTS_MAX];
	uint32_t count;
};

/**
 * A kind of fault. What is not NULL is called in this order; each that can fail returns 0, or -1 with a failure.
 *
 *	prepare	before the window, no load running: what takes time and is not to be seen in it
 *	inject	at at_ms, between the times of injection. Sets `to_undo` if there was something to be hit; if not, it is called
 *		again every KEEP_UP_MS until until_ms, or with `until_hit` as long as the window lasts
 *	probe	after it, if so: looks what it did, and fills in `hits`
 *	keep_up	at once, and then every KEEP_UP_MS or when it has said itself, until it is cleared
 *	undo	at until_ms, or earlier (see below), between the times of clearing; it is `cleared` then. Also, before `release`, when
 *		things went wrong and nobody looks at it any more
 *	clear	after it: what else there is to be done. Without an `undo` it fills in the times of clearing, and `cleared`
 *	settle	when the window is over and no fault of it is on: waits, bounded, for what clearing has begun, and fills in
 *		`gone`, and `hits` unless it is known, by what it finds
 *
 *	release	at the end, however that came, of every fault of the window: gives back what `prepare` has made
 *
 * `count`: what grows with every hit; `hits` is by how much it did between injection and clearing.
 * `grouped`: its container is in control groups of its own (group.h) before the window.
 * `at_once`: cleared when the window's time is up, that its last requests may end; else up to half a second later.
 * `until_hit`: goes on beyond until_ms until it has hit, but not beyond the window: how long a hit takes is up to the kernel, and who
 * injects may have been held up by another fault. Has `count`, and is `at_once`.
 * `supervised`: `keep_up` goes on when it is cleared, until the window is over: who dies of what was under way may be heard of only then.
 */
struct fault_kind {
	int (*prepare)(struct faults *faults, struct fault_record *record);
	int (*inject)(struct faults *faults, struct fault_record *record);
	int (*probe)(struct fault_record *record);
	int (*keep_up)(struct faults *faults, struct fault_record *record);
	void (*undo)(struct fault_record *record);
	int (*clear)(struct faults *faults, struct fault_record *record);
	int (*settle)(struct faults *faults, struct fault_record *record);
	void (*release)(struct fault_record *record);
	uint64_t (*count)(const struct fault_record *record);
	bool grouped;
	bool at_once;
	bool until_hit;
	bool supervised;
};

extern const struct fault_kind fault_kill_answerer;
extern const struct fault_kind fault_stop_answerer;
extern const struct fault_kind fault_dose;
extern const struct fault_kind fault_crash_answerer;
extern const struct fault_kind fault_kill_requester;
extern const struct fault_kind fault_starve_answerer;
extern const struct fault_kind fault_exhaust_pids;
extern const struct fault_kind fault_squeeze_memory;
extern const struct fault_kind fault_step_clock;
extern const struct fault_kind fault_offline_cpu;
extern const struct fault_kind fault_fill_disk;
extern const struct fault_kind fault_lose_packets;
extern const struct fault_kind fault_storm_requesters;

/** By how much the `count` of its kind has grown since it was cleared: what was under way may be counted late. */
uint64_t fault_late_hits(const struct fault_record *record);

/** Gets ready for a window's faults; no load may be running. 0, or -1 with a failure. */
int faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		   struct container *containers, struct ledger *ledger);

/** Milliseconds into the window at which something is next to be done about one fault, or -1. */
int64_t fault_due_ms(const struct fault_record *record);

/** Milliseconds into the window at which something is next to be done, or -1. */
int64_t faults_next_ms(const struct faults *faults);

/** Does everything that is due `ms` into the window. 0, or -1 with a failure. */
int faults_act(struct faults *faults, uint32_t ms);

/** When its time is up or all its requesters rest: clears what must not keep its last requests. 0, or -1 with a failure. */
int faults_window_over(struct faults *faults);

/** After the window: clears what is left, waits, bounded, and probes. 0, or -1 with a failure. */
int faults_settle(struct faults *faults, uint64_t now);

/** When something failed: undoes what is left. */
void faults_abandon(struct faults *faults);

/** Emits the `fault` frames. */
void faults_report(const struct faults *faults, uint32_t window_index);

#endif
