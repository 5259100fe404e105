/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_SAMPLES_H
#define KS_WINDOW_SAMPLES_H

#include "window.h"
#include "window_times.h"

/** Emits the `samples` frames of one container in window `index`. */
void window_samples(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times);

#endif
