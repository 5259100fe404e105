// SPDX-License-Identifier: MIT
/*
 * bounding-set: what an engine takes out of a container's bounding set stays out of whatever the container starts, agents and
 * requesters, and nobody there gets it back; whoever answers for the container is bound as it is; and an agent that was bound more
 * tightly than a requester beside it does not answer that one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "capabilities.h"
#include "crun.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* What is taken away: with it a registrar may serve whoever is in its namespace, without it only whoever has no more than itself. */
#define LOST CAP_SYS_PTRACE
#define LOST_WORD "CAP_SYS_PTRACE"

/* The memory of the container's init, which has LOST: only who has it, too, in the container's user namespace may see that. */
#define GUARDED "/proc/1/mem"

/* What a process that has taken LOST out of its bounding set finds then; 1 and 0 as PR_CAPBSET_READ says, or an errno. */
struct attempts {
	int before, itself, child, capset, use, below, use_from_below;
};

static int try_use(void)
{
	int fd = open(GUARDED, O_RDONLY | O_CLOEXEC), error = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

/* By capset, out of what is permitted: to have it again it need be in neither the bounding set nor a file. */
static int try_capset(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	require(!syscall(SYS_capget, &header, data), "capget: %s", strerror(errno));
	data[0].permitted |= (uint32_t)CAPABILITY(LOST);
	return syscall(SYS_capset, &header, data) ? errno : 0;
}

static int in_child(void)
{
	pid_t pid = fork();
	int status;

	require(pid >= 0, "fork: %s", strerror(errno));
	if (!pid)
		_exit(prctl(PR_CAPBSET_READ, LOST));
	require(waitpid(pid, &status, 0) == pid && WIFEXITED(status), "a child has not ended by itself");
	return WEXITSTATUS(status);
}

static void try_to_regain(int channel, const void *argument)
{
	struct attempts found;

	(void)argument;
	found.before = try_use();
	capabilities_unbound(LOST);
	capabilities_keep(~CAPABILITY(LOST));
	found.itself = prctl(PR_CAPBSET_READ, LOST);
	found.child = in_child();
	found.capset = try_capset();
	found.use = try_use();
	require(!unshare(CLONE_NEWUSER), "unshare: %s", strerror(errno));
	/* All of them, in the new user namespace; in the container's, none. */
	found.below = prctl(PR_CAPBSET_READ, LOST);
	found.use_from_below = try_use();
	require(write(channel, &found, sizeof(found)) == sizeof(found), "cannot tell what came of it");
}

static const char *how_it_went(int error)
{
	return error ? strerrorname_np(error) : "was allowed";
}

static void check_regaining(const struct place *container)
{
	struct task task = place_start(container, try_to_regain, "", 1);
	struct attempts found;

	require(task_tells(&task, &found, sizeof(found), PATIENCE_MS), "nobody tried to get a capability back");
	task_end(&task);
	require(found.before == 0, "who has " LOST_WORD " cannot open " GUARDED ": %s", strerror(found.before));
	decide(found.itself == 0 && found.child == 0 && found.capset == EPERM && found.use == EACCES && found.use_from_below == EACCES,
	       "bounding-set-only-shrinks",
	       LOST_WORD " dropped from the bounding set: in the process's own %d, in its child's %d, capset %s, opening " GUARDED
			 " %s; in a user namespace of its own %d, and from there opening it %s",
	       found.itself, found.child, found.capset ? strerrorname_np(found.capset) : "granted it", how_it_went(found.use),
	       found.below, how_it_went(found.use_from_below));
}

static void say_of_agent(pid_t agent, uint64_t engine, uint64_t requester)
{
	uint64_t answerer = capabilities_bounding(agent);

	decide(requester == engine && answerer == engine, "bounding-set-inherited",
	       "bounding set of the init of a crun container %#" PRIx64 ", of a requester that it started %#" PRIx64
	       ", of an agent that it executed %#" PRIx64,
	       engine, requester, answerer);
	decide(!(answerer & ~engine), "bounding-set-of-answerer",
	       "the agent asked by the container has the bounding set %#" PRIx64 ", the container %#" PRIx64, answerer, engine);
}

/* What hangs is as the kernel executes a helper, but is not the one of route nsenter, which makes itself something else. */
static void say_of_helper(pid_t helper, uint64_t engine, uint64_t requester)
{
	uint64_t answerer = capabilities_bounding(helper);

	decide(requester == engine, "bounding-set-inherited",
	       "bounding set of the init of a crun container %#" PRIx64 ", of a requester that it started %#" PRIx64, engine, requester);
	if (mechanism.route == ROUTE_NSENTER)
		not_applicable("bounding-set-of-answerer", "the helper that enters namespaces waits for nothing: it cannot be looked at");
	else
		decide(!(answerer & ~engine), "bounding-set-of-answerer",
		       "the helper asked by the container has the bounding set %#" PRIx64 ", the container %#" PRIx64, answerer, engine);
}

/* A requester that waits, so that it can be looked at; and whoever is to answer it. */
static void check_inheritance(const struct place *container)
{
	uint64_t engine = capabilities_bounding(container->init);
	struct agent agent = { 0 };
	struct task request;
	pid_t helper;

	require(capabilities_bounding(getpid()) & ~engine, "the engine has taken nothing out of a container's bounding set: %#" PRIx64,
		engine);
	if (has_agents()) {
		agent = agent_start(container, &(struct agent_wish){ 0 });
		task_signal(&agent.task, SIGSTOP);
	} else {
		hanging_helper_install();
	}
	request = ask_for(container, "user", "ks:check:bound:0:0");
	if (has_agents()) {
		say_of_agent(agent.task.pid, engine, capabilities_bounding(request.pid));
		task_end(&agent.task);
	} else {
		helper = hanging_helper_await();
		say_of_helper(helper, engine, capabilities_bounding(request.pid));
		kill(helper, SIGKILL);
	}
	task_end(&request);
}

static struct reply ask_without(const struct place *container, int without, const char *description)
{
	struct question question = { .type = "user", .callout = "ks", .without = without };
	struct task task;

	snprintf(question.description, sizeof(question.description), "%s", description);
	task = ask_question(container, &question);
	return reply_within(&task, 2 * PATIENCE_MS);
}

static void check_service(const struct place *container)
{
	struct reply bound, unbound;
	struct agent agent;
	uint64_t permitted;

	if (!has_agents()) {
		not_applicable("bounding-set-limits-service", "the kernel executes whoever answers");
		return;
	}
	agent = agent_start(container, &(struct agent_wish){ .without = LOST });
	permitted = capabilities_permitted(agent.task.pid);
	require(!(permitted & CAPABILITY(LOST)), "a program executed without " LOST_WORD " in its bounding set has %#" PRIx64, permitted);
	bound = ask_without(container, LOST, "ks:check:as-bound:0:0");
	unbound = ask_without(container, 0, "ks:check:less-bound:0:0");
	decide(reply_is_of(&bound, &agent) && !reply_is_of(&unbound, &agent), "bounding-set-limits-service",
	       "agent %u was executed without " LOST_WORD " and has %#" PRIx64 "; a requester without it: %s; one with it: %s", agent.id,
	       permitted, reply_text(&bound), reply_text(&unbound));
	agent_kill(&agent);
}

void check_bounding_set(void)
{
	struct place container = crun_place(PLACE_FIRST_ID);

	check_regaining(&container);
	check_service(&container);
	place_end(&container);
	container = crun_place(PLACE_FIRST_ID);
	check_inheritance(&container);
	place_end(&container);
}
