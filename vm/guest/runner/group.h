/* SPDX-License-Identifier: MIT */
/*
 * Control groups for a container whose resources a fault takes away. Containers have none of their own: so nothing is measured
 * through one in a cell without such a fault.
 *
 *	whole		what the container as a whole may have
 *	  agent		the agent that served it when the group was made
 *	  rest		everybody else in it, and whom they start later: an agent's successor too
 */
#ifndef KS_GROUP_H
#define KS_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "container.h"

enum group_part { GROUP_WHOLE, GROUP_AGENT, GROUP_REST };

/**
 * Makes a container's groups, if it has none, and moves its processes there; no load may be running. True: they are there;
 * else the guest's kernel has no such controllers, and why is on standard error.
 */
bool group_prepare(const struct container *container);

/** Writes and reads a file of a group. 0, or -1 with errno. */
int group_write(const struct container *container, enum group_part part, const char *file, const char *text);
int group_read(const struct container *container, enum group_part part, const char *file, char *text, size_t size);

/** Whether a file of a group says exactly this. */
bool group_holds(const struct container *container, enum group_part part, const char *file, const char *text);

/** The number behind a name in a file of "name number" lines; 0 when it is not there. */
uint64_t group_count(const struct container *container, enum group_part part, const char *file, const char *name);

/** Removes all groups, whose processes have ended; waits a moment for their last. 0, or -1 with a failure. */
int groups_remove(void);

#endif
