// SPDX-License-Identifier: MIT
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "container.h"
#include "events.h"
#include "failure.h"
#include "frame.h"

/* From the command to the agent's word that it is registered. */
#define AGENT_READY_MS (20000 * slowness())
#define KILLED "signal 9"
#define CRASHED "status " TEXT_OF(KS_DOSE_CRASH_STATUS)
#define TEXT_OF(number) TEXT(number)
#define TEXT(word) #word

static uint32_t last_id;

/* For sentences: "agent 3 of container 'victim'". */
static const char *name_of(const struct agents *agents, uint32_t id)
{
	static char name[PLAN_NAME_MAX + 48];

	if (agents->container)
		snprintf(name, sizeof(name), "agent %u of container '%s'", id, agents->container);
	else
		snprintf(name, sizeof(name), "agent %u, which containers share,", id);
	return name;
}

static struct agent *find(struct agents *agents, uint32_t id)
{
	for (uint32_t i = 0; i < agents->count; i++)
		if (agents->list[i].id == id)
			return &agents->list[i];
	return NULL;
}

static struct agent *free_place(struct agents *agents)
{
	if (agents->count < AGENTS_MAX)
		return &agents->list[agents->count++];
	for (uint32_t i = 0; i < agents->count; i++)
		if (agents->list[i].past)
			return &agents->list[i];
	return NULL;
}

int agent_start(struct agents *agents, const struct plan_cell *cell, bool restart)
{
	struct agent *agent = free_place(agents);

	if (!agent)
		return fail("agent", "%s would be one of more than %d in a window", name_of(agents, last_id + 1), AGENTS_MAX);
	if (dose_delay(&agents->dose, cell->agent_delay_ns))
		return -1;
	agents->newest = agent;
	*agent = (struct agent){ .id = ++last_id, .restart = restart, .started_at = ks_now(), .pidfd = -1 };
	return agents->execute(agents, cell, agent);
}

struct agent *agent_newest(struct agents *agents)
{
	return agents->newest;
}

static bool newest_is_ready(const void *arg)
{
	return agent_newest((struct agents *)arg)->ready;
}

int agent_await(struct agents *agents)
{
	uint64_t until = agent_newest(agents)->started_at + AGENT_READY_MS * KS_NS_PER_MS;

	switch (events_wait(until, newest_is_ready, agents, "agent start")) {
	case WAIT_DONE:
		return 0;
	case WAIT_TIMEOUT:
		return fail("agent", "%s did not say it is ready within %d ms", name_of(agents, agent_newest(agents)->id),
			    AGENT_READY_MS);
	case WAIT_FAILED:
		break;
	}
	return -1;
}

struct agent *agent_live(struct agents *agents)
{
	struct agent *agent;

	if (!agents || agents->count == 0)
		return NULL;
	agent = agent_newest(agents);
	return agent->ready && !agent->killed && !agent->ended ? agent : NULL;
}

bool agent_is_gone(const struct agent *agent)
{
	struct pollfd end = { .fd = agent->pidfd, .events = POLLIN };

	return agent->ended || poll(&end, 1, 0) > 0;
}

bool agent_signal(const struct agent *agent, int signo)
{
	/* Who has ended and was not waited for yet takes any signal. */
	if (agent_is_gone(agent))
		return false;
	return syscall(SYS_pidfd_send_signal, agent->pidfd, signo, NULL, 0) == 0;
}

void agents_continue(struct agents *agents)
{
	for (uint32_t i = 0; i < agents->count; i++) {
		struct agent *agent = &agents->list[i];

		if (agent->stopped && !agent->ended)
			agent_signal(agent, SIGCONT);
		agent->stopped = false;
	}
}

void agents_forget(struct agents *agents)
{
	for (uint32_t i = 0; i < agents->count; i++)
		if (agents->list[i].pidfd >= 0)
			close(agents->list[i].pidfd);
	agents->count = 0;
	agents->newest = NULL;
	agents->may_crash = false;
	agents->may_be_killed = false;
	dose_forget(&agents->dose);
}

void agent_is_ready(struct agents *agents, uint32_t id, uint64_t at, pid_t pid)
{
	struct agent *agent = find(agents, id);

	if (!agent)
		return;
	agent->pid = pid;
	agent->ready_at = at;
	if (agent->pidfd < 0)
		agent->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (agent->pidfd < 0 || namespaces_of(pid, &agent->namespaces)) {
		if (agents->may_crash || agents->may_be_killed)
			return;
		fail("agent", "%s was gone as soon as it was ready: %s", name_of(agents, id), strerror(errno));
		return;
	}
	agent->ready = true;
}

void agent_has_ended(struct agents *agents, uint32_t id, const char *how)
{
	struct agent *agent = find(agents, id);

	if (!agent)
		return;
	agent->ended = true;
	if (agent->pidfd >= 0)
		close(agent->pidfd);
	agent->pidfd = -1;
	if (strcmp(how, CRASHED) == 0)
		agents->crashes++;
	if ((agents->may_crash && strcmp(how, CRASHED) == 0) || (agents->may_be_killed && strcmp(how, KILLED) == 0))
		return;
	if (!agent->killed && !agents->stopping)
		fail("agent", "%s ended by itself (%s)", name_of(agents, id), how);
}

static void report(const struct agents *agents, const struct agent *agent, const struct plan_cell *cell)
{
	struct json *json = frame_begin("agent");

	json_text(json, "cell", cell->id);
	if (agents->container)
		json_text(json, "container", agents->container);
	else
		json_null(json, "container");
	json_unsigned(json, "agent", agent->id);
	json_unsigned(json, "pid", (uint64_t)agent->pid);
	json_text(json, "delivery", plan_deliveries[cell->mechanism.delivery]);
	json_unsigned(json, "mono", agent->ready_at);
	namespaces_write(json, "ns", &agent->namespaces);
	json_bool(json, "restart", agent->restart);
	frame_end();
}

void agents_report(struct agents *agents, const struct plan_cell *cell)
{
	for (uint32_t i = 0; agents && i < agents->count; i++) {
		struct agent *agent = &agents->list[i];

		agent->past = agent->ended;
		if (!agent->ready || agent->reported)
			continue;
		agent->reported = true;
		report(agents, agent, cell);
	}
}

struct agent *agent_find(struct container *container, uint32_t id)
{
	return container->agents ? find(container->agents, id) : NULL;
}

void agent_report(struct container *container, const struct plan_cell *cell)
{
	agents_report(container->agents, cell);
}
