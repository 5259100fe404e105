// SPDX-License-Identifier: MIT
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/control.h"
#include "../common/process.h"
#include "../common/slowness.h"
#include "bundle.h"
#include "events.h"
#include "failure.h"
#include "payload.h"
#include "stage_switch.h"
#include "workplace.h"

/* From executing crun to the word of the container's init. */
#define START_MS (60000 * slowness())
/* From closing the control socket to the end of crun; then once more after SIGKILL. */
#define STOP_MS (10000 * slowness())
/* For linking one key. */
#define LINK_MS (20000 * slowness())
#define CRUN_STATE WORKPLACE "/crun"
/* Kinds of namespaces that an own agent's filter names (route intercept): the agent's, which are the container's. */
#define OWN_FILTER "user,net"

static void requester_has_ended(struct container *container, uint32_t worker, const char *how)
{
	uint64_t bit = UINT64_C(1) << worker;

	if (container->stopping)
		return;
	if (!(container->doomed & bit)) {
		fail("requester", "requester %u of container '%s' ended by itself (%s)", worker, container->plan->name, how);
		return;
	}
	container->doomed &= ~bit;
	container->died_at = ks_now();
	ledger_requester_died(container->ledger, container->index, worker);
}

static void hear(struct container *container, const struct ks_control_message *message)
{
	unsigned long long at;
	char how[32];
	unsigned int id;

	if (strcmp(message->text, "hello") == 0) {
		container->init = message->pid;
	} else if (sscanf(message->text, "agent-ready %u %llu", &id, &at) == 2) {
		agent_is_ready(&container->own_agents, id, at, message->pid);
	} else if (sscanf(message->text, "agent-exit %u %31[^\n]", &id, how) == 2) {
		agent_has_ended(&container->own_agents, id, how);
	} else if (strcmp(message->text, "forked yes") == 0) {
		container->forked = FORK_DONE;
	} else if (strcmp(message->text, "forked no") == 0) {
		container->forked = FORK_REFUSED;
	} else if (strcmp(message->text, "linked") == 0) {
		container->linked = true;
	} else if (sscanf(message->text, "hammer-exit %u %31[^\n]", &id, how) == 2) {
		requester_has_ended(container, id, how);
	} else {
		fail("container", "the init of container '%s': %s", container->plan->name, message->text);
	}
}

static void control_spoke(void *arg)
{
	struct container *container = arg;
	struct ks_control_message message;
	int got;

	while ((got = ks_control_receive(container->control, &message, MSG_DONTWAIT)) > 0)
		hear(container, &message);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* The end of the connection: crun's end, which says more, follows. */
	events_forget(container->control);
}

static void crun_ended(void *arg)
{
	struct container *container = arg;
	char how[32];
	int status;

	/* What its init said last comes first: it explains the end. */
	if (container->control >= 0)
		control_spoke(container);
	if (waitpid(container->crun, &status, WNOHANG) != container->crun)
		return;
	events_forget(container->crun_pidfd);
	close(container->crun_pidfd);
	container->crun_pidfd = -1;
	process_how(status, how, sizeof(how));
	if (!container->stopping)
		fail("container", "container '%s' ended by itself (crun: %s); its words are on the runner's stderr",
		     container->plan->name, how);
}

static int start_crun(struct container *container, int control)
{
	const char *const argv[] = { "/usr/bin/crun", "--root",	  CRUN_STATE,	     "--cgroup-manager", "disabled",
				     "run",	      "--bundle", container->bundle, "--preserve-fds",	 "1",
				     container->id,   NULL };
	int empty[2];
	struct process_fd fds[] = {
		{ -1, STDIN_FILENO },
		/* stdout carries frames and nothing else. */
		{ STDERR_FILENO, STDOUT_FILENO },
		{ control, KS_CONTROL_FD },
	};

	/* Not /dev/null: crun gives its standard streams to the container's root, for good. */
	if (pipe2(empty, O_CLOEXEC))
		return fail("container", "a pipe for crun's stdin: %s", strerror(errno));
	close(empty[1]);
	fds[0].from = empty[0];
	container->crun = process_start(argv, 0, fds, 3);
	close(empty[0]);
	if (container->crun < 0)
		return fail("container", "cannot execute %s: %s", argv[0], strerror(errno));
	container->crun_pidfd = (int)syscall(SYS_pidfd_open, container->crun, 0);
	if (container->crun_pidfd < 0)
		return fail("container", "pidfd_open: %s", strerror(errno));
	return events_watch(container->crun_pidfd, crun_ended, container);
}

static bool has_said_hello(const void *arg)
{
	return ((const struct container *)arg)->init > 0;
}

static int await_hello(struct container *container, uint64_t start)
{
	switch (events_wait(start + START_MS * KS_NS_PER_MS, has_said_hello, container, "container start")) {
	case WAIT_DONE:
		break;
	case WAIT_TIMEOUT:
		return fail("container", "container '%s' did not start within %d ms", container->plan->name, START_MS);
	case WAIT_FAILED:
		return -1;
	}
	container->start_ns = ks_now() - start;
	container->init_pidfd = (int)syscall(SYS_pidfd_open, container->init, 0);
	if (container->init_pidfd < 0 || namespaces_of(container->init, &container->namespaces))
		return fail("container", "the init of container '%s' was gone at once: %s", container->plan->name, strerror(errno));
	return 0;
}

int container_start(struct container *container, const struct plan_cell *cell, uint32_t index)
{
	int pair[2], on = 1, result;
	uint64_t start;

	*container = (struct container){
		.plan = &cell->containers[index], .index = index, .control = -1, .crun_pidfd = -1, .init_pidfd = -1
	};
	container->own_agents.container = container->plan->name;
	container->own_agents.execute = container_execute_agent;
	if (container->plan->agent == AGENT_OWN)
		container->agents = &container->own_agents;
	snprintf(container->id, sizeof(container->id), "ks-%s-%s", cell->id, container->plan->name);
	snprintf(container->bundle, sizeof(container->bundle), WORKPLACE "/%s", container->id);
	if (bundle_write(container->bundle, container->plan->name, container_uid(index), container->plan->setuid))
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail("container", "socketpair: %s", strerror(errno));
	container->control = pair[0];
	if (setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) ||
	    events_watch(pair[0], control_spoke, container)) {
		close(pair[1]);
		return fail("container", "its control socket: %s", strerror(errno));
	}
	start = ks_now();
	result = start_crun(container, pair[1]);
	close(pair[1]);
	return result ? -1 : await_hello(container, start);
}

static int send_text(struct container *container, const char *text, const int *fds, int fd_count)
{
	if (ks_control_send_fds(container->control, text, fds, fd_count))
		return fail("container", "cannot reach the init of container '%s': %s", container->plan->name, strerror(errno));
	return 0;
}

int container_tell(struct container *container, const char *format, ...)
{
	char text[KS_CONTROL_MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return send_text(container, text, NULL, 0);
}

int container_execute_agent(struct agents *agents, const struct plan_cell *cell, struct agent *agent)
{
	struct container *container = (void *)((char *)agents - offsetof(struct container, own_agents));
	const struct plan_mechanism *mechanism = &cell->mechanism;
	char sizes[KS_ANSWER_SIZES_TEXT], text[KS_CONTROL_MESSAGE_MAX];
	int fds[] = { stage_switch_fd(), dose_fd(&agents->dose) };

	if (fds[0] < 0 || fds[1] < 0)
		return -1;
	payload_text(cell, sizes);
	snprintf(text, sizeof(text), "agent %u %s %s %s %s %s %u", agent->id, plan_routes[mechanism->route],
		 plan_deliveries[mechanism->delivery], mechanism->route == ROUTE_INTERCEPT ? OWN_FILTER : "-", AGENT_KEY_TYPE,
		 sizes, container->plan->agent_uid);
	return send_text(container, text, fds, 2);
}

static bool is_linked(const void *arg)
{
	return ((const struct container *)arg)->linked;
}

int container_link(struct container *container, ks_key_serial key)
{
	if (container_tell(container, "link %d", key))
		return -1;
	switch (events_wait(ks_now() + LINK_MS * KS_NS_PER_MS, is_linked, container, "agent start")) {
	case WAIT_DONE:
		return 0;
	case WAIT_TIMEOUT:
		return fail("container", "container '%s' did not link the shared agent's key within %d ms", container->plan->name,
			    LINK_MS);
	case WAIT_FAILED:
		break;
	}
	return -1;
}

static int start_requesters(struct container *container, const struct plan_cell *cell, uint32_t first, uint32_t count)
{
	const struct plan_container *plan = container->plan;
	char text[KS_CONTROL_MESSAGE_MAX];

	snprintf(text, sizeof(text), "hammers %s %s %u %u %u %u %d %u", cell->id, plan->name, container->index, first, count,
		 plan->requester_uid, plan->setuid, plan->depth);
	return send_text(container, text, container->ledger->fds, 2);
}

int container_start_requesters(struct container *container, const struct plan_cell *cell, struct ledger *ledger)
{
	container->ledger = ledger;
	return start_requesters(container, cell, 0, container->plan->requesters);
}

int container_kill_requester(struct container *container, uint32_t worker)
{
	container->doomed |= UINT64_C(1) << worker;
	return container_tell(container, "kill %u", worker);
}

int container_replace_requester(struct container *container, const struct plan_cell *cell, uint32_t worker)
{
	ledger_requester_expected(container->ledger, container->index, worker);
	return start_requesters(container, cell, worker, 1);
}

static bool crun_is_gone(const void *arg)
{
	return ((const struct container *)arg)->crun_pidfd < 0;
}

static void forget(struct container *container)
{
	agents_forget(&container->own_agents);
	if (container->init_pidfd >= 0)
		close(container->init_pidfd);
	bundle_remove(container->bundle);
}

static void close_control(struct container *container)
{
	if (container->control < 0)
		return;
	events_forget(container->control);
	close(container->control);
	container->control = -1;
}

int container_stop(struct container *container)
{
	container->stopping = true;
	container->own_agents.stopping = true;
	agents_continue(&container->own_agents);
	if (failure.failed)
		events_finish();
	close_control(container);
	if (events_wait(ks_now() + STOP_MS * KS_NS_PER_MS, crun_is_gone, container, "container stop") != WAIT_DONE) {
		/* The kernel kills everything in a pid namespace whose init is killed. */
		if (container->init_pidfd >= 0)
			syscall(SYS_pidfd_send_signal, container->init_pidfd, SIGKILL, NULL, 0);
		else if (container->crun_pidfd >= 0)
			kill(container->crun, SIGKILL);
		events_finish();
		if (events_wait(ks_now() + STOP_MS * KS_NS_PER_MS, crun_is_gone, container, "container stop") != WAIT_DONE)
			return fail("container", "container '%s' is still there %d ms after SIGKILL: a process of it cannot be killed",
				    container->plan->name, STOP_MS);
	}
	forget(container);
	return 0;
}
