/* SPDX-License-Identifier: MIT */
#ifndef KS_RUNNER_AGENT_H
#define KS_RUNNER_AGENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "dose.h"
#include "namespaces.h"
#include "plan.h"

/* More than one window can see: a fault that they die of starts forty in a second at most. Those of earlier windows make room. */
#define AGENTS_MAX 512
/* What requesters of cells ask for. */
#define AGENT_KEY_TYPE "user"

/** One incarnation of an agent. */
struct agent {
	uint32_t id;		/* unique in the boot; never 0, which is the host's helper */
	bool restart;
	bool ready;
	bool stopped;		/* SIGSTOP was sent and SIGCONT was not */
	bool killed;		/* by a fault: its end is no surprise */
	bool ended;
	bool reported;
	bool past;		/* ended in an earlier window: nobody asks for it any more */
	uint64_t started_at;
	uint64_t ready_at;
	pid_t pid;
	int pidfd;		/* -1 before it is known and when it has ended */
	struct namespaces namespaces;
};

/** All incarnations of one agent: of a container's own, or of the one that containers share. */
struct agents {
	const char *container;	/* NULL: the shared one */
	/* Has a process started that will become `agent`. 0, or -1 with a failure. */
	int (*execute)(struct agents *agents, const struct plan_cell *cell, struct agent *agent);
	bool stopping;		/* ends from here on are no surprise */
	struct dose dose;
	bool may_crash;		/* it was asked to: an end with KS_DOSE_CRASH_STATUS is no surprise */
	uint64_t crashes;	/* so many incarnations ended so */
	bool may_be_killed;	/* by the kernel: it was asked to take more memory than there is */
	struct agent list[AGENTS_MAX];
	uint32_t count;
	struct agent *newest;
};

/** Starts a new incarnation. 0, or -1 with a failure. */
int agent_start(struct agents *agents, const struct plan_cell *cell, bool restart);

/** Waits, bounded, until the newest has said it is ready. 0, or -1 with a failure. */
int agent_await(struct agents *agents);

/** The newest. There must have been one. */
struct agent *agent_newest(struct agents *agents);

/** The one that answers now, stopped or not; NULL without any. `agents` may be NULL. */
struct agent *agent_live(struct agents *agents);

/** Whether its process has ended, heard of or not. */
bool agent_is_gone(const struct agent *agent);

/** Sends a signal to a process that may have ended, heard of or not. Whether there was one to send it to. */
bool agent_signal(const struct agent *agent, int signo);

/** Continues what is stopped; for clearing up. */
void agents_continue(struct agents *agents);

/** Closes what was open for ended processes. */
void agents_forget(struct agents *agents);

/** After a window: emits the `agent` frames that have not been emitted yet. `agents` may be NULL. */
void agents_report(struct agents *agents, const struct plan_cell *cell);

/** What is heard of an incarnation: by its id, from whoever is its parent. */
void agent_is_ready(struct agents *agents, uint32_t id, uint64_t at, pid_t pid);
void agent_has_ended(struct agents *agents, uint32_t id, const char *how);

struct container;

/** The incarnation with this id of the agent that serves a container, or NULL. */
struct agent *agent_find(struct container *container, uint32_t id);

/** Emits the `agent` frames of the agent that serves a container that have not been emitted yet. */
void agent_report(struct container *container, const struct plan_cell *cell);

#endif
