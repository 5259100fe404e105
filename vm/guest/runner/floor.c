// SPDX-License-Identifier: MIT
#include "floor.h"

#include <errno.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/histogram.h"
#include "events.h"
#include "failure.h"
#include "frame.h"
#include "quiet.h"

/* Between slices of this length, and never inside an iteration, the runner beats and looks whether it shall stop. */
#define SLICE_NS (KS_NS_PER_S / 2)

static const struct floor *const floors[] = {
	[FLOOR_SYSCALL] = &floor_syscall,
	[FLOOR_ADD_KEY] = &floor_add_key,
	[FLOOR_EVENTFD] = &floor_eventfd,
	[FLOOR_VFORK_EXEC] = &floor_vfork_exec,
};

static struct ks_histogram histogram;

static int measure(const struct floor *floor, const char *name, uint32_t iterations)
{
	uint64_t slice_end = ks_now() + SLICE_NS, ns;

	for (uint32_t i = 0; i < iterations; i++) {
		if (floor->once(&ns))
			return fail("floor", "%s failed at iteration %u: %s", name, i, strerror(errno));
		ks_histogram_record(&histogram, ns);
		if (ks_now() < slice_end)
			continue;
		frame_beat(name);
		if (events_check())
			return -1;
		slice_end = ks_now() + SLICE_NS;
	}
	return 0;
}

int floor_run(enum plan_floor which, uint32_t iterations)
{
	const struct floor *floor = floors[which];
	uint64_t start;
	struct json *json;
	int result;

	if (quiet_await())
		return -1;
	ks_histogram_reset(&histogram);
	if (floor->begin())
		return fail("floor", "%s cannot begin: %s", plan_floors[which], strerror(errno));
	start = ks_now();
	result = measure(floor, plan_floors[which], iterations);
	floor->end();
	if (result)
		return -1;
	json = frame_begin("floor");
	json_text(json, "name", plan_floors[which]);
	frame_histogram(json, "hist", &histogram);
	json_unsigned(json, "mono_start", start);
	json_unsigned(json, "mono_end", ks_now());
	frame_end();
	return 0;
}
