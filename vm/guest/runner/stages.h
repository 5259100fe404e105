/* SPDX-License-Identifier: MIT */
/* Requests of a window taken apart: what requesters, answerers and the module noted of each, put together (docs/guest-protocol.md). */
#ifndef KS_STAGES_H
#define KS_STAGES_H

#include <stdint.h>

#include "keystorm_uapi.h"
#include "window.h"
#include "window_times.h"

/** What the module recorded over a window: in the order of serials and, for one serial, of time. */
struct stage_records {
	struct ks_stage *list;
	uint32_t count;
	uint64_t lost;
};

/** Takes them. 0, or -1 with a failure; release them in both cases. */
int stage_records_take(struct stage_records *records);

void stage_records_release(struct stage_records *records);

/** Emits the `stages` frame of a container. */
void stages_report(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
		   const struct stage_records *records);

#endif
