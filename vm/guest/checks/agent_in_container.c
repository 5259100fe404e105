// SPDX-License-Identifier: MIT
/*
 * agent-in-container: requests from a crun container are answered by a daemon that the container's init has started: in the container's
 * namespaces, known by their inodes, and not by a process of the host's.
 */
#include <inttypes.h>
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "crun.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

static pid_t parent_of(pid_t pid)
{
	char path[64];
	pid_t parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%*d (%*[^)]) %*c %d", &parent) != 1)
			parent = 0;
		fclose(file);
	}
	return parent;
}

void check_agent_in_container(void)
{
	struct place container = crun_place(PLACE_FIRST_ID);
	struct inodes inside = place_inodes(&container);
	struct answerer who = { 0 };
	struct agent agent = { 0 };
	struct reply reply;

	if (has_agents())
		agent = agent_start(&container, &(struct agent_wish){ 0 });
	reply = ask_and_wait(&container, "user", "ks:check:container:0:0");
	require(reply_answerer(&reply, &who), "a request from a crun container was not answered: %s", reply_text(&reply));
	decide(who.user == inside.user && who.net == inside.net && who.mnt == inside.mnt, "answered-from-container",
	       "the container's user, net and mnt namespaces are %" PRIu64 ", %" PRIu64 " and %" PRIu64 "; whoever answered was in %" PRIu64
	       ", %" PRIu64 " and %" PRIu64,
	       inside.user, inside.net, inside.mnt, who.user, who.net, who.mnt);
	if (!has_agents()) {
		violated("answerer-is-the-containers-own",
			 "the kernel has executed whoever answered: in pid namespace %" PRIu64 ", the container's being %" PRIu64, who.pidns,
			 inside.pid);
		return;
	}
	decide(who.id == agent.id && who.pidns == inside.pid && parent_of(agent.task.pid) == container.init,
	       "answerer-is-the-containers-own",
	       "agent %u has answered, process %u of pid namespace %" PRIu64 " (the container's: %" PRIu64 "), a child of process %d; the container's init is process %d",
	       who.id, who.pid, who.pidns, inside.pid, parent_of(agent.task.pid), container.init);
}
