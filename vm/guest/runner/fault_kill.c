// SPDX-License-Identifier: MIT
/* kill-answerer: SIGKILL to whoever answers a container's upcalls, and for an agent a successor. */
#include "fault.h"

#include <signal.h>

#include "../common/clock.h"
#include "bundle.h"
#include "helper_process.h"

static void kill_agent(struct fault_record *record)
{
	struct agent *agent = agent_live(record->container->agents);

	record->inject_before = ks_now();
	/* One that has ended by itself, unheard of so far, was not killed: its end stays a surprise. */
	if (agent && agent_signal(agent, SIGKILL)) {
		agent->killed = true;
		record->to_undo = true;
		record->agent = agent;
		record->pid = (uint32_t)agent->pid;
		record->hits = 1;
	}
	record->inject_after = ks_now();
}

/* No helper takes the place of one that was killed: the kernel executes the next one anyway. */
static void kill_helpers(const struct faults *faults, struct fault_record *record)
{
	uint64_t until = faults->window_start + record->plan->until_ms * KS_NS_PER_MS;
	uint32_t uid = container_uid(record->container->index);
	struct helper_hits hits = helper_process_kill_until(until, uid, uid + CONTAINER_UIDS);

	record->hits = hits.count;
	record->pid = (uint32_t)hits.pid;
	record->inject_before = hits.before;
	record->inject_after = hits.after;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	if (plan_has_helpers(faults->cell->mechanism.route))
		kill_helpers(faults, record);
	else
		kill_agent(record);
	return 0;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;

	record->clear_before = ks_now();
	if (agent_start(agents, faults->cell, true))
		return -1;
	record->cleared = true;
	record->successor = agent_newest(agents);
	return 0;
}

/* The successor's word is the end of it. */
static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	if (agent_await(record->container->agents))
		return -1;
	record->clear_after = record->successor->ready_at;
	record->clear_pid = (uint32_t)record->successor->pid;
	record->gone = agent_live(record->container->agents) != NULL;
	return 0;
}

const struct fault_kind fault_kill_answerer = { .inject = inject, .clear = clear, .settle = settle };
