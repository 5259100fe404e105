/* SPDX-License-Identifier: MIT */
/* Lifetimes of keys end with a second of the wall clock. */
#ifndef KS_CHECKS_WALL_CLOCK_H
#define KS_CHECKS_WALL_CLOCK_H

#include <time.h>

/** Waits until that second is over; it must not be further away than `most_s`. */
void await_wall_clock(time_t second, int most_s);

#endif
