/* SPDX-License-Identifier: MIT */
/* Frames: the only thing ever written to stdout. */
#ifndef KS_FRAME_H
#define KS_FRAME_H

#include "../common/histogram.h"
#include "json.h"

/** Begins a frame of a type: its `t` and `n` are written, the caller adds members. One frame at a time. */
struct json *frame_begin(const char *type);

/** Ends the frame and writes it as one line. A reader that is gone or stuck is a failure, see failure.h. */
void frame_end(void);

/** A beat, if the last frame was written more than a beat's interval ago. Never called inside a window. */
void frame_beat(const char *phase);

/** Bytes of frames that whoever is at the other end has not taken yet. */
int frame_unread(void);

/** A histogram as member `key`. */
void frame_histogram(struct json *json, const char *key, const struct ks_histogram *histogram);

/** Member `key` with a text, or null when there is none. */
void frame_text_or_null(struct json *json, const char *key, const char *text);

#endif
