// SPDX-License-Identifier: MIT
/*
 * step-clock: the guest's time of day leaps so many seconds ahead, and when the fault is cleared, back to where it would be. A
 * hit is a leap that was seen.
 */
#include "fault.h"

#include <time.h>

#include "../common/clock.h"

/* Between two looks at a clock, by an emulated processor of a busy host. */
#define NEAR_NS (2 * KS_NS_PER_S)

static uint64_t time_of_day(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * KS_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Monotonic time goes on as ever; both were read together. */
static uint64_t rightful(const struct fault_record *record)
{
	return record->counted + ks_now();
}

static uint64_t leap_of(const struct fault_record *record)
{
	return record->plan->amount * KS_NS_PER_S;
}

static bool is_near(uint64_t a, uint64_t b)
{
	return a > b ? a - b < NEAR_NS : b - a < NEAR_NS;
}

static int set(uint64_t time)
{
	struct timespec at = ks_timespec(time);

	return clock_settime(CLOCK_REALTIME, &at);
}

static int inject(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->counted = time_of_day() - ks_now();
	record->to_undo = !set(rightful(record) + leap_of(record));
	return 0;
}

static int probe(struct fault_record *record)
{
	record->hits = is_near(time_of_day(), rightful(record) + leap_of(record));
	return 0;
}

static void undo(struct fault_record *record)
{
	set(rightful(record));
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = is_near(time_of_day(), rightful(record));
	return 0;
}

const struct fault_kind fault_step_clock = { .inject = inject, .probe = probe, .undo = undo, .settle = settle, .at_once = true };
