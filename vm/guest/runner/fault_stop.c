// SPDX-License-Identifier: MIT
/*
 * stop-answerer: SIGSTOP to the agent that answers a container's upcalls, then SIGCONT. Two faults may stop the same
 * agent at times that overlap (one that containers share is the agent of each): it continues when the last is over.
 */
#include "fault.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "files.h"

static int inject(struct faults *faults, struct fault_record *record)
{
	struct agent *agent = agent_live(record->container->agents);

	(void)faults;
	if (agent && agent_signal(agent, SIGSTOP)) {
		agent->stopped = true;
		record->to_undo = true;
		record->agent = agent;
		record->pid = (uint32_t)agent->pid;
		record->hits = 1;
	}
	return 0;
}

static bool stops(const struct fault_record *record, const struct agent *agent)
{
	return record->plan->kind == FAULT_STOP_ANSWERER && record->agent == agent;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	struct agent *agent = record->agent;
	uint64_t before, after;

	for (uint32_t i = 0; i < faults->count; i++)
		if (stops(&faults->records[i], agent) && faults->records[i].state == FAULT_INJECTED)
			return 0;
	agent->stopped = false;
	before = ks_now();
	/* Killed meanwhile, by another fault: nothing was continued. */
	if (agent->killed || agent->ended || !agent_signal(agent, SIGCONT))
		return 0;
	after = ks_now();
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *each = &faults->records[i];

		if (!stops(each, agent) || each->cleared)
			continue;
		each->cleared = true;
		each->clear_before = before;
		each->clear_after = after;
	}
	return 0;
}

/* Its state follows its name, which is in parentheses. */
static bool stands(const struct agent *agent)
{
	char path[32], text[512];
	const char *name_end;

	snprintf(path, sizeof(path), "/proc/%d/stat", agent->pid);
	if (file_read(path, text, sizeof(text)))
		return false;
	name_end = strrchr(text, ')');
	return name_end && strncmp(name_end, ") T", 3) == 0;
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = !stands(record->agent);
	return 0;
}

const struct fault_kind fault_stop_answerer = { .inject = inject, .clear = clear, .settle = settle, .at_once = true };
