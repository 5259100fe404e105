/* SPDX-License-Identifier: MIT */
/* Open loop: when starts are due, for requesters and runner alike. */
#ifndef KS_ARRIVALS_H
#define KS_ARRIVALS_H

#include <stdint.h>

#include "clock.h"

/** When start number `k` of a window that began at `start` is due; `rate` starts a second. ns; k < 2^32. */
static inline uint64_t ks_arrival_due(uint64_t start, uint32_t rate, uint32_t k)
{
	return start + (uint64_t)k * KS_NS_PER_S / rate;
}

/** How many starts are due within `ms`: all k with ks_arrival_due(0, rate, k) < ms. */
static inline uint32_t ks_arrivals_within(uint32_t ms, uint32_t rate)
{
	return (uint32_t)(((uint64_t)ms * rate + 999) / 1000);
}

#endif
