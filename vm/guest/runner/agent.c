// SPDX-License-Identifier: MIT
#include "agent.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/clock.h"
#include "container.h"
#include "events.h"
#include "failure.h"
#include "frame.h"
#include "payload.h"

/* From the command to the agent's word that it is registered. */
#define AGENT_READY_MS 20000

static uint32_t last_id;

static struct agent *newest(struct container *container)
{
	return &container->agents[container->agent_count - 1];
}

int agent_start(struct container *container, const struct plan_cell *cell, bool restart)
{
	char sizes[KS_ANSWER_SIZES_TEXT];
	struct agent *agent;

	if (container->agent_count == AGENTS_MAX)
		return fail("agent", "container '%s' has had %d agents: split the cell", container->plan->name, AGENTS_MAX);
	agent = &container->agents[container->agent_count++];
	*agent = (struct agent){ .id = ++last_id, .restart = restart, .started_at = ks_now(), .pidfd = -1 };
	payload_text(cell, sizes);
	return container_tell(container, "agent %u %s %s %u", agent->id, plan_deliveries[cell->delivery], sizes,
			      container->plan->agent_uid);
}

static bool newest_is_ready(const void *arg)
{
	return newest((struct container *)arg)->ready;
}

int agent_await(struct container *container)
{
	uint64_t until = newest(container)->started_at + AGENT_READY_MS * KS_NS_PER_MS;

	switch (events_wait(until, newest_is_ready, container, "agent start")) {
	case WAIT_DONE:
		return 0;
	case WAIT_TIMEOUT:
		return fail("agent", "agent %u of container '%s' did not say it is ready within %d ms", newest(container)->id,
			    container->plan->name, AGENT_READY_MS);
	case WAIT_FAILED:
		break;
	}
	return -1;
}

struct agent *agent_find(struct container *container, uint32_t id)
{
	for (uint32_t i = 0; i < container->agent_count; i++)
		if (container->agents[i].id == id)
			return &container->agents[i];
	return NULL;
}

void agent_is_ready(struct container *container, uint32_t id, uint64_t at, pid_t pid)
{
	struct agent *agent = agent_find(container, id);

	if (!agent)
		return;
	agent->pid = pid;
	agent->ready_at = at;
	agent->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (agent->pidfd < 0 || namespaces_of(pid, &agent->namespaces)) {
		fail("agent", "agent %u of container '%s' was gone as soon as it was ready: %s", id, container->plan->name,
		     strerror(errno));
		return;
	}
	agent->ready = true;
}

void agent_has_ended(struct container *container, uint32_t id, const char *how)
{
	struct agent *agent = agent_find(container, id);

	if (!agent)
		return;
	agent->ended = true;
	if (!agent->killed && !container->stopping)
		fail("agent", "agent %u of container '%s' ended by itself (%s)", id, container->plan->name, how);
}

void agent_report(struct container *container, const struct plan_cell *cell)
{
	for (uint32_t i = 0; i < container->agent_count; i++) {
		struct agent *agent = &container->agents[i];
		struct json *json;

		if (!agent->ready || agent->reported)
			continue;
		agent->reported = true;
		json = frame_begin("agent");
		json_text(json, "cell", cell->id);
		json_text(json, "container", container->plan->name);
		json_unsigned(json, "agent", agent->id);
		json_unsigned(json, "pid", (uint64_t)agent->pid);
		json_text(json, "delivery", plan_deliveries[cell->delivery]);
		json_unsigned(json, "mono", agent->ready_at);
		namespaces_write(json, "ns", &agent->namespaces);
		json_bool(json, "restart", agent->restart);
		frame_end();
	}
}
