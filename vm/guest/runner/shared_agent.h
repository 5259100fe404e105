/* SPDX-License-Identifier: MIT */
/*
 * One agent for several containers of a cell: a child of the runner, root in the init namespaces, with a session keyring
 * of its own. Its registration stays, and stays linked, when a new incarnation takes its place: it is kept in a keyring
 * of the runner's.
 */
#ifndef KS_SHARED_AGENT_H
#define KS_SHARED_AGENT_H

#include "container.h"
#include "plan.h"

/**
 * Starts the agent if any of the running containers is to be served by it, links its registration into their session
 * keyrings, and emits its frame. 0, or -1 with a failure; stop it in both cases.
 */
int shared_agent_start(const struct plan_cell *cell, struct container *containers, uint32_t count);

/** Ends it, when the containers are gone, bounded. 0, or -1 with a failure when it is still there. */
int shared_agent_stop(void);

#endif
