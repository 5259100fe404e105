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

	/* One that has ended by itself, unheard of so far, was not killed: its end stays a surprise. */
	if (agent && agent_signal(agent, SIGKILL)) {
		agent->killed = true;
		record->to_undo = true;
		/* There is nothing to be kept up. */
		record->kept_ms = record->plan->until_ms;
		record->agent = agent;
		record->pid = (uint32_t)agent->pid;
		record->hits = 1;
	}
}

/*
 * No helper takes the place of one that was killed: the kernel executes the next one anyway. So the helpers of all containers for
 * which it is time are hunted together, and until something else is due nothing else is done.
 */
static int hunt(struct faults *faults, struct fault_record *record)
{
	struct helper_hunt hunts[PLAN_FAULTS_MAX];
	struct fault_record *hunting[PLAN_FAULTS_MAX];
	uint32_t count = 0, until_ms = record->plan->until_ms;

	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *each = &faults->records[i];
		bool hunted = each->plan->kind == FAULT_KILL_ANSWERER && each->state == FAULT_INJECTED;
		int64_t due = hunted ? each->plan->until_ms : fault_due_ms(each);

		if (due >= 0 && due < until_ms)
			until_ms = (uint32_t)due;
		if (hunted) {
			uint32_t uid = container_uid(each->container->index);

			hunts[count] = (struct helper_hunt){ .uid_first = uid, .uid_end = uid + CONTAINER_UIDS };
			hunting[count++] = each;
		}
	}
	helper_process_hunt(hunts, count, faults->window_start + until_ms * KS_NS_PER_MS);
	for (uint32_t i = 0; i < count; i++) {
		struct fault_record *each = hunting[i];

		if (each->hits == 0 && hunts[i].count > 0) {
			each->pid = (uint32_t)hunts[i].pid;
			each->inject_before = hunts[i].before;
			each->inject_after = hunts[i].after;
		}
		each->hits += hunts[i].count;
		each->kept_ms = until_ms;
	}
	return 0;
}

/* The hunt begins when the record says that it is on. */
static int inject(struct faults *faults, struct fault_record *record)
{
	if (!plan_has_helpers(faults->cell->mechanism.route)) {
		kill_agent(record);
		return 0;
	}
	record->to_undo = true;
	return 0;
}

static int keep_up(struct faults *faults, struct fault_record *record)
{
	return plan_has_helpers(faults->cell->mechanism.route) ? hunt(faults, record) : 0;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	struct agents *agents = record->container->agents;

	if (plan_has_helpers(faults->cell->mechanism.route))
		return 0;
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
	if (plan_has_helpers(faults->cell->mechanism.route))
		return 0;
	if (agent_await(record->container->agents))
		return -1;
	record->clear_after = record->successor->ready_at;
	record->clear_pid = (uint32_t)record->successor->pid;
	record->gone = agent_live(record->container->agents) != NULL;
	return 0;
}

const struct fault_kind fault_kill_answerer = {
	.inject = inject,
	.keep_up = keep_up,
	.clear = clear,
	.settle = settle,
};
