/* SPDX-License-Identifier: MIT */
/* What crossed the border of the guest during a window, and what its processors did not do for it. */
#ifndef KS_METER_H
#define KS_METER_H

#include <stdint.h>

#include "network.h"

/** One reading. All count from some moment in the past. */
struct meter_reading {
	struct network_counts network;
	/* Of programs; and of the kernel's own messages there. */
	uint64_t console_bytes, kernel_log_bytes;
	uint64_t steal_ns, idle_ns;
	uint64_t context_switches;
};

struct meter {
	uint64_t mono_before;
	uint64_t mono_after;
	struct meter_reading before;
	struct meter_reading after;
};

/** Read at the last moment before a window begins and at the first after it; nothing is written. 0, or -1 with a failure. */
int meter_begin(struct meter *meter);
int meter_end(struct meter *meter);

/** Emits the `meter` frame of window `index` of a cell. */
void meter_report(const struct meter *meter, const char *cell, uint32_t index);

#endif
