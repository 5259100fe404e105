/* SPDX-License-Identifier: MIT */
#ifndef KS_DEPTH_H
#define KS_DEPTH_H

#include <stdint.h>

/* The kernel nests user namespaces 33 deep, below the first; a container's is one of them. */
#define DEPTH_MAX 32

/**
 * Moves this process into a user namespace so many levels below its own, in each of which its user is root, and nobody
 * else is anybody. Its keyrings stay. 0, or -1, and why is on standard error: the kernel, or its limits, say how deep one
 * may go.
 */
int depth_descend(uint32_t levels);

#endif
