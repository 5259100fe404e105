/* SPDX-License-Identifier: MIT */
/*
 * The ledger: memory shared by the runner and every requester of a cell.
 *
 * It starts and ends windows and holds every request of the window from its start to its end, so that a request
 * whose requester was killed is still accounted for. The requesters write, the runner reads between windows.
 *
 * Order of a phase (a warm-up or a window): the runner fills in `phase` while no requester runs, sets each one's bit in
 * `awake`, increments `epoch` and wakes its waiters. Each requester runs the phase, then clears its bit; the one that clears
 * the last writes the eventfd the runner sleeps on. Before the first phase they do the same once, to say that they are
 * there. A bit for each and no count, since one may be killed at any moment: the runner clears the bits of the dead.
 *
 * Which entry a request gets: in closed loop the next one; in open loop the one with the number of its start; in a storm
 * the one at (number of the round in this phase) * requesters + worker. In a batch each requester holds the next one, and
 * enters what is not as it should be; the rest is counted in its tally.
 */
#ifndef KS_LEDGER_H
#define KS_LEDGER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "answer_sizes.h"

#define KS_LEDGER_VERSION 5
#define KS_CONTAINERS_MAX 64
#define KS_REQUESTERS_MAX 64
#define KS_CELL_ID_MAX 32

/* Requests of a batch: between them no clock is read. */
#define KS_BATCH_SIZE 1000

/* Descriptors of a requester, set up by ks-pod. */
#define KS_HAMMER_LEDGER_FD 5
#define KS_HAMMER_IDLE_FD 6

/* What an answer must look like. */
enum ks_expect {
	KS_EXPECT_AGENT,	/* an agent's; whose, the runner looks at */
	KS_EXPECT_HELPER,	/* route init */
	KS_EXPECT_NULL,		/* route null */
	KS_EXPECT_NSENTER,	/* route nsenter: the helper's, in the requester's own user and net namespaces */
};

/* What is asked for. */
enum ks_requests {
	KS_REQUESTS_FRESH,		/* a key of its own each time, or a hit */
	KS_REQUESTS_STORM_DISTINCT,	/* likewise, but all begin together */
	KS_REQUESTS_STORM_ONE,		/* all begin together and ask for one key */
};

enum ks_entry_flags {
	KS_ENTRY_WRONG = 1 << 0,	/* not an answer to this request, or not what is expected of a helper */
	KS_ENTRY_FOREIGN_NS = 1 << 1,	/* answered from a user namespace that is neither the requester's nor its container's */
	KS_ENTRY_HIT = 1 << 2,		/* asked for a key that the requester had */
	KS_ENTRY_NOBODY_FREE = 1 << 3,	/* open loop: no requester was free when it was due */
};

/** One request. start 0: never started; ends 0: still open. Times in ns of CLOCK_MONOTONIC. */
struct ks_ledger_entry {
	uint64_t start;
	uint64_t end;
	uint32_t agent;
	int32_t error;		/* errno, 0 when answered */
	uint16_t worker;
	uint8_t flags;
	_Atomic uint8_t ends;	/* how often it ended: anything but 1 is a finding */
	uint32_t sequence;
};

/**
 * What is known of an answered request besides, in a window with stages. serial 0: not answered, or not by an upcall. Times in
 * ns of CLOCK_MONOTONIC; 0: the answer does not say.
 */
struct ks_ledger_stages {
	int32_t serial;		/* of the key that was asked for */
	uint32_t unused;
	uint64_t woke;		/* as in struct ks_answer_stages */
	uint64_t assumed;
	uint64_t answering;
};

/** What one requester counts in a window of batches; nobody else writes it. */
struct ks_ledger_tally {
	_Alignas(64) uint32_t started;
	uint32_t ended;		/* with an entry in the ledger: if failed, or answered by another than `agent` */
	uint32_t ok;		/* without */
	uint32_t wrong;		/* of these: KS_ENTRY_WRONG */
	uint32_t foreign_ns;	/* of these: KS_ENTRY_FOREIGN_NS */
	uint32_t agent;		/* who answered first */
	uint32_t clock_reads;
};

/** What a container's requesters share. Counters that are written all the time have a cache line of their own. */
struct ks_ledger_container {
	_Alignas(64) _Atomic uint32_t cursor;	/* entries taken, in open loop starts; may pass the capacity */
	_Alignas(64) _Atomic uint32_t ended;	/* requests ended in this phase */
	_Alignas(64) _Atomic uint64_t awake;	/* bits of the requesters that have not come to rest in this phase */
	_Atomic uint32_t truncated;		/* a requester found the ledger full and stopped */
	_Atomic uint64_t ok;			/* over the whole cell, warm-up included */
	_Atomic uint64_t failed;
	_Atomic uint64_t hits;			/* those of the two above that were hits */
	/* Storms: where requesters meet between rounds. The last to arrive decides for all. */
	uint32_t requesters;
	_Alignas(64) _Atomic uint32_t arrived;
	_Alignas(64) _Atomic uint32_t turn;	/* futex: it was decided whether another round begins */
	uint32_t go_on;				/* what was decided */
	uint32_t round;				/* rounds begun in this cell; less one: number of the one that is on */
	uint32_t rounds;			/* of these, in this phase */
	uint64_t ended_at;			/* when no further round was begun in this phase */
	_Atomic int32_t round_key;		/* storm-one: serial of the round's key, 0 while nobody got it */
	uint32_t gated;				/* 1: in windows its requesters rest but while the gate is open, and then they storm */
	_Alignas(64) _Atomic uint32_t gate;	/* futex: 1 open */
	struct ks_ledger_tally tally[KS_REQUESTERS_MAX];
};

enum ks_phase_kind {
	KS_PHASE_WARMUP,	/* each requester makes `limit` requests; nothing is entered */
	KS_PHASE_CLOSED,	/* until the deadline, or until each container has ended `limit` requests */
	KS_PHASE_OPEN,		/* likewise, with `starts` requests due at fixed times */
	KS_PHASE_BATCH,		/* likewise, without a look at the clock: the runner sets `stop` at the deadline */
};

struct ks_phase {
	uint32_t kind;
	uint32_t limit;
	uint64_t start;
	uint64_t deadline;	/* CLOCK_MONOTONIC ns; no request starts later */
	uint32_t rate;		/* open loop: starts a second in each container */
	uint32_t starts;	/* open loop: how many, see arrivals.h */
	uint32_t stages;	/* 1: the ledger has stages, and they are entered in this phase; else 0 */
};

struct ks_ledger {
	uint32_t version;
	uint32_t containers;
	uint32_t capacity;	/* entries per container */
	uint32_t expect;	/* enum ks_expect */
	uint32_t requests;	/* enum ks_requests */
	uint32_t hit_percent;
	struct ks_answer_sizes sizes;
	uint64_t backoff_ns;
	uint64_t init_userns;
	struct ks_phase phase;
	_Alignas(64) _Atomic uint32_t epoch;	/* futex: a new phase begins */
	_Alignas(64) _Atomic uint32_t stop;	/* futex: the phase is over before its deadline */
	_Atomic uint64_t stopped_at;
	_Atomic uint32_t reached;		/* containers that have ended `limit` requests */
	struct ks_ledger_container container[KS_CONTAINERS_MAX];
	_Alignas(64) struct ks_ledger_entry entries[];	/* containers * capacity */
};

/** Bytes of a ledger without stages. */
static inline uint64_t ks_ledger_size(uint32_t containers, uint32_t capacity)
{
	return sizeof(struct ks_ledger) + (uint64_t)containers * capacity * sizeof(struct ks_ledger_entry);
}

/** Bytes that stages add to a ledger, behind its entries: one for each. */
static inline uint64_t ks_ledger_stages_size(uint32_t containers, uint32_t capacity)
{
	return (uint64_t)containers * capacity * sizeof(struct ks_ledger_stages);
}

/** The first entry of a container. */
static inline struct ks_ledger_entry *ks_ledger_entries(struct ks_ledger *ledger, uint32_t container)
{
	return ledger->entries + (uint64_t)container * ledger->capacity;
}

/** The stages of a container's first entry. Only of a ledger with stages. */
static inline struct ks_ledger_stages *ks_ledger_stages(struct ks_ledger *ledger, uint32_t container)
{
	struct ks_ledger_entry *end = ledger->entries + (uint64_t)ledger->containers * ledger->capacity;

	return (struct ks_ledger_stages *)end + (uint64_t)container * ledger->capacity;
}

/** Whether no requester is awake. */
static inline bool ks_ledger_is_at_rest(struct ks_ledger *ledger)
{
	for (uint32_t i = 0; i < ledger->containers; i++)
		if (atomic_load(&ledger->container[i].awake))
			return false;
	return true;
}

/** A requester comes to rest, or is dead. Whether all rest now; of several that are last together, more than one may hear it. */
static inline bool ks_ledger_rest(struct ks_ledger *ledger, uint32_t container, uint32_t worker)
{
	atomic_fetch_and(&ledger->container[container].awake, ~(UINT64_C(1) << worker));
	return ks_ledger_is_at_rest(ledger);
}

#endif
