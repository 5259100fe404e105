/* SPDX-License-Identifier: MIT */
#ifndef KS_AGENT_H
#define KS_AGENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "namespaces.h"
#include "plan.h"

/* First incarnation and one for every fault of every window would be the most there can be; this is plenty. */
#define AGENTS_MAX 512

/** One incarnation of a container's agent. */
struct agent {
	uint32_t id;		/* unique in the boot; never 0, which is the host's helper */
	bool restart;
	bool ready;
	bool killed;		/* by a fault: its end is no surprise */
	bool ended;
	bool reported;
	uint64_t started_at;
	uint64_t ready_at;
	pid_t pid;
	int pidfd;
	struct namespaces namespaces;
};

struct container;

/** Has the container's init start an agent. 0, or -1 with a failure. */
int agent_start(struct container *container, const struct plan_cell *cell, bool restart);

/** Waits, bounded, until the container's newest agent has said it is ready. 0, or -1 with a failure. */
int agent_await(struct container *container);

/** The agent with an id among this container's incarnations, or NULL. */
struct agent *agent_find(struct container *container, uint32_t id);

/** Emits the `agent` frames that have not been emitted yet. */
void agent_report(struct container *container, const struct plan_cell *cell);

/** What the container's init says of an agent. */
void agent_is_ready(struct container *container, uint32_t id, uint64_t at, pid_t pid);
void agent_has_ended(struct container *container, uint32_t id, const char *how);

#endif
