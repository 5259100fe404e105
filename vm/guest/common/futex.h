/* SPDX-License-Identifier: MIT */
/* Futexes in memory shared between processes. */
#ifndef KS_FUTEX_H
#define KS_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

/** Sleeps while *word == seen, at most `timeout` (relative; NULL: until woken). Wakes early at will: check again. */
static inline void ks_futex_wait(_Atomic uint32_t *word, uint32_t seen, const struct timespec *timeout)
{
	syscall(SYS_futex, word, FUTEX_WAIT, seen, timeout, NULL, 0);
}

/** Sleeps while *word == seen, until the CLOCK_MONOTONIC time `until` (ns) at most. Wakes early at will: check again. */
static inline void ks_futex_wait_until(_Atomic uint32_t *word, uint32_t seen, uint64_t until)
{
	struct timespec at = ks_timespec(until);

	syscall(SYS_futex, word, FUTEX_WAIT_BITSET, seen, &at, NULL, FUTEX_BITSET_MATCH_ANY);
}

/** Wakes everyone who sleeps on the word. */
static inline void ks_futex_wake_all(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

#endif
