/* SPDX-License-Identifier: MIT */
#ifndef KS_CONSOLE_LOG_H
#define KS_CONSOLE_LOG_H

#include <stdint.h>

/**
 * Bytes of the kernel's log that have gone to the console since the first call. The serial port's own counts are of what
 * programs wrote: the kernel writes past them. 0, or -1 with a failure.
 */
int console_log_bytes(uint64_t *bytes);

#endif
