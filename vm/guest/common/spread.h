/* SPDX-License-Identifier: MIT */
#ifndef KS_SPREAD_H
#define KS_SPREAD_H

#include <stdbool.h>
#include <stdint.h>

/** Whether number `i` is one of `percent` in a hundred, as evenly spread as whole numbers allow, from i = 0 on. */
static inline bool ks_spread(uint64_t i, uint32_t percent)
{
	return (i + 1) * percent / 100 > i * percent / 100;
}

#endif
