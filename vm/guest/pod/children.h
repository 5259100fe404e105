/* SPDX-License-Identifier: MIT */
#ifndef KS_CHILDREN_H
#define KS_CHILDREN_H

#include <stdint.h>
#include <sys/types.h>

#include "../common/control.h"
#include "../common/ledger.h"
#include "../common/process.h"

#define CHILDREN_MAX (KS_REQUESTERS_MAX + 8)

enum child_kind {
	CHILD_AGENT,
	CHILD_HAMMER,
};

struct child {
	pid_t pid;
	enum child_kind kind;
	uint32_t id;	/* agent's id, or number of the worker */
};

/** The pod's children. One agent at a time can be on its way to being ready: `ready_fd` is its pipe, -1 without one. */
struct children {
	struct child list[CHILDREN_MAX];
	int count;
	int ready_fd;
	uint32_t ready_id;
};

/** Keeps the control socket from the children. 0, or -1 with errno. */
int children_prepare(void);

/** Does what a message says. NULL, or what could not be done, with errno. */
const char *children_obey(struct children *children, const struct ks_control_message *message);

/** Reads the ready pipe. The agent that has said it is ready; NULL when the pipe ended without a word. Closes the pipe. */
const struct child *children_agent_ready(struct children *children);

/** The child with this pid, or NULL (a grandchild that lost its parent). */
const struct child *children_find(const struct children *children, pid_t pid);

/** Takes a reaped child off the list. */
void children_forget(struct children *children, pid_t pid);

#endif
