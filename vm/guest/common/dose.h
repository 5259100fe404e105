/* SPDX-License-Identifier: MIT */
/*
 * What an agent does wrong on purpose: memory of the runner's, shared with every incarnation of one agent. The agent looks
 * at one word of it before each answer, and answers honestly while that is KS_DOSE_NONE.
 */
#ifndef KS_DOSE_H
#define KS_DOSE_H

#include <stdatomic.h>
#include <stdint.h>

/* Its descriptor in an agent, set up by ks-pod or the runner. */
#define KS_AGENT_DOSE_FD 8
/* What an agent exits with that was told to crash. */
#define KS_DOSE_CRASH_STATUS 86

enum ks_dose_kind {
	KS_DOSE_NONE,
	KS_DOSE_SLOW,		/* `amount` ms before the answer */
	KS_DOSE_REJECT,		/* with errno `amount`, whatever was asked for */
	KS_DOSE_GARBLE,		/* answers that the kernel must refuse with EINVAL, then the right one */
	KS_DOSE_REPEAT,		/* the right answer, then another, which must come too late */
	KS_DOSE_MISNUMBER,	/* the answer for a serial that this agent was not told of, then the right one */
	KS_DOSE_CRASH,		/* in place of the answer */
	KS_DOSE_HOARD,		/* takes `amount` MiB more of memory, for good, before the answer */
	KS_DOSE_FETCH,		/* fetches a credential first (credential.h); without, rejects with errno `amount` */
};

/* As many as a window may have faults: each counts in a slot of its own. */
#define KS_DOSE_SLOTS 16

/** What is asked for, in one word: 0 is nothing. */
static inline uint32_t ks_dose_order(enum ks_dose_kind kind, uint32_t slot)
{
	return (uint32_t)kind | slot << 8;
}

static inline enum ks_dose_kind ks_dose_kind_of(uint32_t order)
{
	return (enum ks_dose_kind)(order & 0xff);
}

static inline uint32_t ks_dose_slot_of(uint32_t order)
{
	return (order >> 8) % KS_DOSE_SLOTS;
}

/** The runner writes `amount` before `order`, and wakes who sleeps on `order` when it has changed. */
struct ks_dose {
	_Atomic uint32_t order;		/* futex */
	_Atomic uint32_t amount;
	/* The agent is busy for so many ns before each answer, honest or not: how a comparison is tried on a known difference. */
	_Atomic uint32_t delay_ns;
	/* By slot, written by the agent: */
	_Atomic uint32_t hits[KS_DOSE_SLOTS];	/* answers that it has so treated, to which the kernel did what it must */
	_Atomic uint32_t amiss[KS_DOSE_SLOTS];	/* to which the kernel did something else */
};

#endif
