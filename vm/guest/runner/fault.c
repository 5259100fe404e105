// SPDX-License-Identifier: MIT
/* kill-answerer: SIGKILL to whoever answers a container's upcalls. */
#include "fault.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/clock.h"
#include "bundle.h"
#include "failure.h"
#include "frame.h"
#include "helper_process.h"

#define FAULT_NAME "kill-answerer"

void faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		    struct container *containers)
{
	*faults = (struct faults){ .cell = cell, .containers = containers, .count = window->fault_count };
	for (uint32_t i = 0; i < faults->count; i++)
		faults->records[i].plan = &window->faults[i];
	if (faults->count > 0 && cell->route == ROUTE_INIT)
		helper_process_snapshot();
}

static int64_t next_ms_of(const struct fault_record *record)
{
	if (!record->injected)
		return record->plan->at_ms;
	return record->awaits_restart ? (int64_t)record->plan->until_ms : -1;
}

int64_t faults_next_ms(const struct faults *faults)
{
	int64_t next = -1;

	for (uint32_t i = 0; i < faults->count; i++) {
		int64_t ms = next_ms_of(&faults->records[i]);

		if (ms >= 0 && (next < 0 || ms < next))
			next = ms;
	}
	return next;
}

static struct agent *live_agent(struct container *container)
{
	struct agent *agent;

	if (container->agent_count == 0)
		return NULL;
	agent = &container->agents[container->agent_count - 1];
	return agent->ready && !agent->killed && !agent->ended ? agent : NULL;
}

static void kill_agent(struct fault_record *record, struct container *container)
{
	struct agent *agent = live_agent(container);

	record->inject_before = ks_now();
	if (agent) {
		agent->killed = true;
		record->hits = syscall(SYS_pidfd_send_signal, agent->pidfd, SIGKILL, NULL, 0) == 0;
		record->pid = (uint32_t)agent->pid;
	}
	record->inject_after = ks_now();
	record->awaits_restart = record->hits > 0;
}

static void kill_helpers(struct fault_record *record, const struct container *container)
{
	uint64_t until = ks_now() + (record->plan->until_ms - record->plan->at_ms) * KS_NS_PER_MS;
	uint32_t uid = container_uid(container->index);
	struct helper_hits hits = helper_process_kill_until(until, uid, uid + CONTAINER_UIDS);

	record->hits = hits.count;
	record->pid = (uint32_t)hits.pid;
	record->inject_before = hits.before;
	record->inject_after = hits.after;
}

static int act_on(struct faults *faults, struct fault_record *record)
{
	struct container *container = &faults->containers[record->plan->container];

	if (!record->injected) {
		record->injected = true;
		if (faults->cell->route == ROUTE_INIT)
			kill_helpers(record, container);
		else
			kill_agent(record, container);
		return 0;
	}
	record->awaits_restart = false;
	record->restarted = true;
	record->restart_at = ks_now();
	if (agent_start(container, faults->cell, true))
		return -1;
	record->successor = &container->agents[container->agent_count - 1];
	return 0;
}

int faults_act(struct faults *faults, uint32_t ms)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		int64_t due = next_ms_of(&faults->records[i]);

		if (due >= 0 && due <= ms && act_on(faults, &faults->records[i]))
			return -1;
	}
	return 0;
}

int faults_settle(struct faults *faults, uint64_t now)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		/* The window was over before the fault's time: nothing was there to be hit. */
		if (!record->injected) {
			record->injected = true;
			record->inject_before = now;
			record->inject_after = now;
		}
		if (record->awaits_restart && act_on(faults, record))
			return -1;
		if (record->restarted && agent_await(&faults->containers[record->plan->container]))
			return -1;
	}
	return 0;
}

static void report_one(const struct faults *faults, const struct fault_record *record, uint32_t window_index, bool clear)
{
	struct json *json = frame_begin("fault");

	json_text(json, "cell", faults->cell->id);
	json_unsigned(json, "index", window_index);
	json_text(json, "name", FAULT_NAME);
	json_text(json, "container", faults->cell->containers[record->plan->container].name);
	json_text(json, "phase", clear ? "clear" : "inject");
	json_unsigned(json, "mono_before", clear ? record->restart_at : record->inject_before);
	json_unsigned(json, "mono_after", clear ? record->successor->ready_at : record->inject_after);
	json_unsigned(json, "hits", record->hits);
	json_unsigned(json, "pid", clear ? (uint64_t)record->successor->pid : record->pid);
	frame_end();
}

void faults_report(const struct faults *faults, uint32_t window_index)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		report_one(faults, &faults->records[i], window_index, false);
		if (faults->records[i].restarted)
			report_one(faults, &faults->records[i], window_index, true);
	}
}
