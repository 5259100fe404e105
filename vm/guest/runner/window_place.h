/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_PLACE_H
#define KS_WINDOW_PLACE_H

#include "json.h"
#include "window.h"
#include "window_times.h"

/** Writes which window of which container a frame is about. */
void window_write_place(struct json *json, const struct stage *stage, uint32_t index, uint32_t container,
			const struct window_times *times);

#endif
