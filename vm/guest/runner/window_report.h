/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_REPORT_H
#define KS_WINDOW_REPORT_H

#include "window.h"

/** When the first request could start, and from when on none started any more. */
struct window_times {
	uint64_t start;
	uint64_t end;
};

/** Judges one container's requests of the window by the ledger; emits its `window` frame and its `samples` frames. */
void window_report(struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times);

#endif
