/* SPDX-License-Identifier: MIT */
/* The one clock of the guest: every stamp in every frame comes from here. */
#ifndef KS_CLOCK_H
#define KS_CLOCK_H

#include <stdint.h>
#include <time.h>

#define KS_NS_PER_US 1000ULL
#define KS_NS_PER_MS 1000000ULL
#define KS_NS_PER_S 1000000000ULL

/** Nanoseconds of CLOCK_MONOTONIC. Cannot fail with a clock id the kernel always has. */
static inline uint64_t ks_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * KS_NS_PER_S + (uint64_t)t.tv_nsec;
}

/** The timespec of a duration or point in time given in nanoseconds. */
static inline struct timespec ks_timespec(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / KS_NS_PER_S), .tv_nsec = (long)(ns % KS_NS_PER_S) };

	return t;
}

#endif
