/* SPDX-License-Identifier: MIT */
/*
 * The ledger: memory shared by the runner and every requester of a cell.
 *
 * It starts and ends windows and holds every request of the window from its start to its end, so that a request
 * whose requester was killed is still accounted for. The requesters write, the runner reads between windows.
 *
 * Order of a phase (a warm-up or a window): the runner fills in `phase` while no requester runs, sets `running`,
 * increments `epoch` and wakes its waiters. Each requester runs the phase, then decrements `running`; the one that
 * brings it to zero writes the eventfd the runner sleeps on. Before the first phase they do the same once, to say that
 * they are there.
 */
#ifndef KS_LEDGER_H
#define KS_LEDGER_H

#include <stdatomic.h>
#include <stdint.h>

#define KS_LEDGER_VERSION 1
#define KS_CONTAINERS_MAX 64
#define KS_REQUESTERS_MAX 64
#define KS_CELL_ID_MAX 32

/* Descriptors of a requester, set up by ks-pod. */
#define KS_HAMMER_LEDGER_FD 5
#define KS_HAMMER_IDLE_FD 6

/* What an answer must look like. */
enum ks_expect {
	KS_EXPECT_AGENT,	/* route session */
	KS_EXPECT_HELPER,	/* route init */
	KS_EXPECT_NULL,		/* route null */
};

enum ks_entry_flags {
	KS_ENTRY_WRONG = 1 << 0,	/* not an answer to this request, or not the helper's (route init) */
	KS_ENTRY_FOREIGN_NS = 1 << 1,	/* answered from another user namespace than the requester's */
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

/** What a container's requesters share. Counters that are written all the time have a cache line of their own. */
struct ks_ledger_container {
	_Alignas(64) _Atomic uint32_t cursor;	/* entries taken; may pass the capacity */
	_Alignas(64) _Atomic uint32_t ended;	/* requests ended in this phase */
	_Alignas(64) _Atomic uint32_t truncated;	/* a requester found the ledger full and stopped */
	_Atomic uint64_t ok;			/* over the whole cell, warm-up included */
	_Atomic uint64_t failed;
};

enum ks_phase_kind {
	KS_PHASE_WARMUP,	/* each requester makes `limit` requests; nothing is entered */
	KS_PHASE_WINDOW,	/* until the deadline, or until each container has ended `limit` requests */
};

struct ks_phase {
	uint32_t kind;
	uint32_t limit;
	uint64_t deadline;	/* CLOCK_MONOTONIC ns; no request starts later */
};

struct ks_ledger {
	uint32_t version;
	uint32_t containers;
	uint32_t capacity;	/* entries per container */
	uint32_t expect;	/* enum ks_expect */
	uint32_t payload_bytes;
	uint64_t backoff_ns;
	uint64_t init_userns;
	struct ks_phase phase;
	_Alignas(64) _Atomic uint32_t epoch;	/* futex: a new phase begins */
	_Alignas(64) _Atomic uint32_t stop;	/* futex: the phase is over before its deadline */
	_Atomic uint64_t stopped_at;
	_Atomic uint32_t reached;		/* containers that have ended `limit` requests */
	_Alignas(64) _Atomic uint32_t running;
	struct ks_ledger_container container[KS_CONTAINERS_MAX];
	_Alignas(64) struct ks_ledger_entry entries[];	/* containers * capacity */
};

/** Bytes of a ledger. */
static inline uint64_t ks_ledger_size(uint32_t containers, uint32_t capacity)
{
	return sizeof(struct ks_ledger) + (uint64_t)containers * capacity * sizeof(struct ks_ledger_entry);
}

/** The first entry of a container. */
static inline struct ks_ledger_entry *ks_ledger_entries(struct ks_ledger *ledger, uint32_t container)
{
	return ledger->entries + (uint64_t)container * ledger->capacity;
}

#endif
