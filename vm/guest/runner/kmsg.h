/* SPDX-License-Identifier: MIT */
#ifndef KS_KMSG_H
#define KS_KMSG_H

/** Starts to follow the kernel's log from now on. 0, or -1 with a failure. */
int kmsg_begin(void);

/** Emits what the kernel has said since the last time as a frame of `cell` (NULL: of none). A frame without lines says
 * that there were none: no frame at all would not. */
void kmsg_emit(const char *cell);

/** The same in the middle of a cell, where no line means no frame. */
void kmsg_emit_news(const char *cell);

#endif
