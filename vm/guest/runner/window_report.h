/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_REPORT_H
#define KS_WINDOW_REPORT_H

#include "window.h"
#include "window_times.h"

/** Judges one container's requests of the window by the ledger; emits its `window` frame and its `samples` frames. */
void window_report(struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times);

#endif
