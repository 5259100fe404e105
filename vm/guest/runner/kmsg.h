/* SPDX-License-Identifier: MIT */
#ifndef KS_KMSG_H
#define KS_KMSG_H

/** Starts to follow the kernel's log from now on. 0, or -1 with a failure. */
int kmsg_begin(void);

/** Emits what the kernel has said since the last time as a frame of `cell` (NULL: of none); no frame for no line. */
void kmsg_emit(const char *cell);

#endif
