/* SPDX-License-Identifier: MIT */
#ifndef KS_CONSOLE_LOG_H
#define KS_CONSOLE_LOG_H

#include <stdint.h>

/**
 * Bytes of the kernel's log that have gone to the console since the first call. The serial port's own counts are of what
 * programs wrote: the kernel writes past them.
 */
uint64_t console_log_bytes(void);

#endif
