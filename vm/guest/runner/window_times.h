/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_TIMES_H
#define KS_WINDOW_TIMES_H

#include <stdint.h>

/** When the first request could start, and from when on none started any more. CLOCK_MONOTONIC ns. */
struct window_times {
	uint64_t start;
	uint64_t end;
};

#endif
