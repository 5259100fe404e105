// SPDX-License-Identifier: MIT
#include "shared_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/process.h"
#include "../common/shared_registration.h"
#include "../common/slowness.h"
#include "../common/stage_switch.h"
#include "events.h"
#include "failure.h"
#include "keystorm_uapi.h"
#include "payload.h"
#include "registration.h"
#include "stage_switch.h"
#include "workplace.h"

#define PROGRAM WORKPLACE_PROGRAMS "/ks-agent"
#define KEYRING_NAME "keystorm-shared-agent"
#define KEY_TYPE_RFC "keyagent_rfc"
#define READY_FD 4
#define TEXT(number) #number
#define TEXT_OF(macro) TEXT(macro)
/* From SIGKILL until it is reaped. */
#define STOP_MS (10000 * slowness())
#define NUMBER_TEXT 16

/* Root may look at the keyring and have new incarnations add to it. */
#define KEYRING_PERMISSIONS (KS_POSSESSOR(KS_PERM_ALL) | KS_USER(KS_PERM_VIEW | KS_PERM_READ | KS_PERM_WRITE | KS_PERM_SEARCH))
/* A container's init is another user, in a user namespace of its own, and has the key in none of its keyrings yet. */
#define LINKING_PERMISSIONS (KS_SHARED_REGISTRATION_PERMISSIONS | KS_OTHER(KS_PERM_LINK))

static int execute(struct agents *agents, const struct plan_cell *cell, struct agent *agent);

static struct agents shared = { .execute = execute };
static ks_key_serial keyring;
static enum plan_route served_route;
static int ready_pipe = -1;

static void close_ready_pipe(void)
{
	if (ready_pipe < 0)
		return;
	events_forget(ready_pipe);
	close(ready_pipe);
	ready_pipe = -1;
}

static void has_spoken(void *arg)
{
	struct agent *agent = arg;
	uint64_t now = ks_now();
	bool ready = process_said_ready(ready_pipe);

	close_ready_pipe();
	/* Else the pipe's end is the process's, which tells by itself. */
	if (ready)
		agent_is_ready(&shared, agent->id, now, agent->pid);
}

static void has_ended(void *arg)
{
	struct agent *agent = arg;
	char how[32];
	int status;

	if (waitpid(agent->pid, &status, WNOHANG) != agent->pid)
		return;
	events_forget(agent->pidfd);
	process_how(status, how, sizeof(how));
	agent_has_ended(&shared, agent->id, how);
}

static int execute(struct agents *agents, const struct plan_cell *cell, struct agent *agent)
{
	char id[NUMBER_TEXT], serial[NUMBER_TEXT], sizes[KS_ANSWER_SIZES_TEXT];
	const struct plan_mechanism *mechanism = &cell->mechanism;
	const char *const argv[] = { PROGRAM,
				     "--id",
				     id,
				     "--route",
				     plan_routes[mechanism->route],
				     "--delivery",
				     plan_deliveries[mechanism->delivery],
				     "--filter",
				     "-",
				     "--type",
				     AGENT_KEY_TYPE,
				     "--payload-bytes",
				     sizes,
				     "--new-session",
				     "--keyring",
				     serial,
				     "--ready-fd",
				     TEXT_OF(READY_FD),
				     "--stages-fd",
				     TEXT_OF(KS_AGENT_STAGES_FD),
				     "--dose-fd",
				     TEXT_OF(KS_AGENT_DOSE_FD),
				     NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), ready[2];
	struct process_fd fds[] = {
		{ null, STDIN_FILENO },
		/* stdout carries frames and nothing else. */
		{ STDERR_FILENO, STDOUT_FILENO },
		{ -1, READY_FD },
		{ stage_switch_fd(), KS_AGENT_STAGES_FD },
		{ dose_fd(&agents->dose), KS_AGENT_DOSE_FD },
	};

	snprintf(id, sizeof(id), "%u", agent->id);
	snprintf(serial, sizeof(serial), "%d", keyring);
	payload_text(cell, sizes);
	close_ready_pipe();
	if (null < 0 || pipe2(ready, O_CLOEXEC)) {
		close(null);
		return fail("agent", "descriptors for the shared agent: %s", strerror(errno));
	}
	fds[2].from = ready[1];
	agent->pid = process_start(argv, 0, fds, 5);
	close(ready[1]);
	close(null);
	ready_pipe = ready[0];
	if (agent->pid < 0)
		return fail("agent", "cannot execute %s: %s", argv[0], strerror(errno));
	agent->pidfd = (int)syscall(SYS_pidfd_open, agent->pid, 0);
	if (agent->pidfd < 0)
		return fail("agent", "pidfd_open: %s", strerror(errno));
	return events_watch(ready_pipe, has_spoken, agent) || events_watch(agent->pidfd, has_ended, agent) ? -1 : 0;
}

static int make_keyring(void)
{
	keyring = ks_add_key("keyring", KEYRING_NAME, NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	if (keyring < 0 || ks_key_set_permissions(keyring, KEYRING_PERMISSIONS))
		return fail("agent", "cannot make a keyring for the shared agent: %s", strerror(errno));
	return 0;
}

/* While containers link it, and only then, anybody who knows the serial may. */
static int link_all(const char *key_type, struct container *containers, uint32_t count)
{
	ks_key_serial key = ks_keyring_search(keyring, key_type, AGENT_KEY_TYPE);

	if (key < 0 || ks_key_set_permissions(key, LINKING_PERMISSIONS))
		return fail("agent", "cannot let containers link the shared agent's key: %s", strerror(errno));
	for (uint32_t i = 0; i < count; i++) {
		if (containers[i].plan->agent != AGENT_SHARED)
			continue;
		if (container_link(&containers[i], key))
			return -1;
	}
	if (ks_key_set_permissions(key, KS_SHARED_REGISTRATION_PERMISSIONS))
		return fail("agent", "cannot close the shared agent's key to others again: %s", strerror(errno));
	return 0;
}

/* With the other routes the agent has registered for whoever asks; there is nothing to be linked. */
static int let_serve(enum plan_route route, struct container *containers, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (containers[i].plan->agent == AGENT_SHARED)
			containers[i].agents = &shared;
	switch (route) {
	case ROUTE_SESSION:
		return link_all(KS_KEY_TYPE_AGENT, containers, count);
	case ROUTE_SESSION_RFC:
		return link_all(KEY_TYPE_RFC, containers, count);
	default:
		return 0;
	}
}

static bool is_wanted(const struct container *containers, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (containers[i].plan->agent == AGENT_SHARED)
			return true;
	return false;
}

int shared_agent_start(const struct plan_cell *cell, struct container *containers, uint32_t count)
{
	if (!is_wanted(containers, count))
		return 0;
	shared.stopping = false;
	served_route = cell->mechanism.route;
	if (make_keyring() || agent_start(&shared, cell, false) || agent_await(&shared) ||
	    let_serve(served_route, containers, count))
		return -1;
	agents_report(&shared, cell);
	return 0;
}

static bool all_have_ended(const void *arg)
{
	const struct agents *agents = arg;

	for (uint32_t i = 0; i < agents->count; i++)
		if (agents->list[i].pidfd >= 0 && !agents->list[i].ended)
			return false;
	return true;
}

int shared_agent_stop(void)
{
	int withdrawn = 0;
	bool gone;

	shared.stopping = true;
	agents_continue(&shared);
	for (uint32_t i = 0; i < shared.count; i++)
		if (shared.list[i].pidfd >= 0 && !shared.list[i].ended)
			agent_signal(&shared.list[i], SIGKILL);
	if (failure.failed)
		events_finish();
	gone = events_wait(ks_now() + STOP_MS * KS_NS_PER_MS, all_have_ended, &shared, "agent stop") == WAIT_DONE;
	close_ready_pipe();
	for (uint32_t i = 0; i < shared.count; i++)
		if (shared.list[i].pidfd >= 0)
			events_forget(shared.list[i].pidfd);
	/* It outlives its agent: the next cell's requesters would be refused for it. */
	if (shared.count > 0 && registration_withdraw(served_route, AGENT_KEY_TYPE))
		withdrawn = -1;
	agents_forget(&shared);
	if (keyring > 0)
		ks_key_unlink(keyring, KEY_SPEC_PROCESS_KEYRING);
	keyring = 0;
	if (withdrawn)
		return -1;
	return gone ? 0 : fail("agent", "the shared agent is still there %d ms after SIGKILL", STOP_MS);
}
