/* SPDX-License-Identifier: MIT */
#ifndef KS_CONTAINER_H
#define KS_CONTAINER_H

#include "../common/keys.h"
#include "agent.h"
#include "ledger.h"
#include "namespaces.h"
#include "plan.h"

/** What became of the last attempt of a container's init to start a process. */
enum fork_result { FORK_ASKED, FORK_DONE, FORK_REFUSED };

/** One running container. */
struct container {
	const struct plan_container *plan;
	uint32_t index;
	char id[80];
	char bundle[96];
	int control;		/* socket to its init; -1 when closed */
	pid_t crun;
	int crun_pidfd;		/* -1 when it has ended */
	pid_t init;		/* 0 until its hello */
	int init_pidfd;
	bool stopping;		/* ends from here on are no surprise */
	uint64_t start_ns;
	struct namespaces namespaces;
	struct agents own_agents;
	struct agents *agents;	/* who serves it: its own, or the shared ones; NULL: nobody */
	struct ledger *ledger;	/* of its requesters, once they are started */
	uint64_t doomed;	/* bits of its requesters that are being killed: their end is no surprise */
	uint64_t died_at;	/* when one of these was last heard to be dead */
	enum fork_result forked;
	bool linked;		/* its session keyring holds the shared agent's registration */
};

/** Starts a container and waits, bounded, for the word of its init. 0, or -1 with a failure; stop it in both cases. */
int container_start(struct container *container, const struct plan_cell *cell, uint32_t index);

/** Sends its init a message. 0, or -1 with a failure. */
int container_tell(struct container *container, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Has its init start an agent of its own; see struct agents. 0, or -1 with a failure. */
int container_execute_agent(struct agents *agents, const struct plan_cell *cell, struct agent *agent);

/** Has its init link a key into the session keyring of the container, and waits, bounded. 0, or -1 with a failure. */
int container_link(struct container *container, ks_key_serial key);

/** Has its init start the requesters, which find ledger and eventfd open. 0, or -1 with a failure. */
int container_start_requesters(struct container *container, const struct plan_cell *cell, struct ledger *ledger);

/** Has its init kill one of them; its end will be heard, and the ledger be told. 0, or -1 with a failure. */
int container_kill_requester(struct container *container, uint32_t worker);

/** Has its init start another in the place of one that is dead. 0, or -1 with a failure. */
int container_replace_requester(struct container *container, const struct plan_cell *cell, uint32_t worker);

/** Ends it with everything in it: asks, then kills, both bounded. 0, or -1 with a failure when something is left. */
int container_stop(struct container *container);

#endif
