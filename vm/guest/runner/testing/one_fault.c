// SPDX-License-Identifier: MIT
/* What fault.c asks of the rest of the runner, for tests of one kind of fault without a guest: there is nothing else. */
#include <stdlib.h>

#include "../fault.h"
#include "../frame.h"
#include "../group.h"
#include "../helper_process.h"

#define NOT_HERE __attribute__((weak))

/* The kind that is tested stands in for its own. */
const struct fault_kind fault_kill_answerer NOT_HERE, fault_stop_answerer NOT_HERE, fault_dose NOT_HERE,
	fault_crash_answerer NOT_HERE, fault_kill_requester NOT_HERE, fault_starve_answerer NOT_HERE,
	fault_exhaust_pids NOT_HERE, fault_squeeze_memory NOT_HERE, fault_step_clock NOT_HERE, fault_offline_cpu NOT_HERE,
	fault_fill_disk NOT_HERE, fault_lose_packets NOT_HERE, fault_storm_requesters NOT_HERE;
const struct plan_fault_kind plan_fault_kinds[FAULT_KINDS];

bool group_prepare(const struct container *container)
{
	(void)container;
	return true;
}

void helper_process_snapshot(void)
{
}

bool plan_has_helpers(enum plan_route route)
{
	(void)route;
	return false;
}

struct json *frame_begin(const char *type)
{
	(void)type;
	abort();
}

void frame_end(void)
{
}

void frame_text_or_null(struct json *json, const char *key, const char *text)
{
	(void)json;
	(void)key;
	(void)text;
}
