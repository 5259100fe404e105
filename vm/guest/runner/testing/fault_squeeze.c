// SPDX-License-Identifier: MIT
/*
 * A container whose memory is squeezed without a guest, for fault-squeeze.test.ts: its agent, and the kernel that kills it, are made up.
 *
 *	fault_squeeze WHEN:KILLS …	from 100 to 200 ms of a window; WHEN is so many ms into it or "over", by which the kernel has killed so many
 *
 * writes for each "at WHEN due D limit L leaks 0|1 hits H cleared 0|1 looked N": N times for an agent that has ended and is to be replaced.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fault.h"
#include "../fault_restart.h"
#include "../group.h"

static struct agent agent = { .pid = 7 };
static struct agents agents;
static char limit[32] = "max";
static bool leaks;
static uint64_t killed;
static unsigned int looked;

struct agent *agent_live(struct agents *of)
{
	(void)of;
	return &agent;
}

int group_write(const struct container *container, enum group_part part, const char *file, const char *text)
{
	(void)container;
	(void)part;
	(void)file;
	snprintf(limit, sizeof(limit), "%s", text);
	return 0;
}

bool group_holds(const struct container *container, enum group_part part, const char *file, const char *text)
{
	(void)container;
	(void)part;
	(void)file;
	return !strcmp(limit, text);
}

uint64_t group_count(const struct container *container, enum group_part part, const char *file, const char *name)
{
	(void)container;
	(void)part;
	(void)file;
	(void)name;
	return killed;
}

void dose_give(struct dose *dose, enum ks_dose_kind kind, uint32_t amount, uint32_t slot)
{
	(void)dose;
	(void)slot;
	leaks = kind == KS_DOSE_HOARD && amount == 8;
}

void dose_end(struct dose *dose, uint32_t slot)
{
	(void)dose;
	(void)slot;
	leaks = false;
}

int fault_restart(struct faults *faults, struct agents *of)
{
	(void)faults;
	(void)of;
	looked++;
	return 0;
}

int fault_restart_settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	(void)record;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct plan_window window = {
		.faults = { { .kind = FAULT_SQUEEZE_MEMORY, .at_ms = 100, .until_ms = 200, .amount = 8 } },
		.fault_count = 1,
	};
	static struct plan_cell cell;
	static struct faults faults;
	static struct ledger ledger;
	struct container container = { .agents = &agents };
	const struct fault_record *record = &faults.records[0];

	if (faults_prepare(&faults, &cell, &window, &container, &ledger))
		return EXIT_FAILURE;
	for (int i = 1; i < argc; i++) {
		const char *when = strtok(argv[i], ":"), *kills = strtok(NULL, ":");

		if (!when || !kills)
			return EXIT_FAILURE;
		killed = strtoull(kills, NULL, 10);
		if (strcmp(when, "over") ? faults_act(&faults, (uint32_t)atoi(when)) : faults_window_over(&faults))
			return EXIT_FAILURE;
		printf("at %s due %" PRId64 " limit %s leaks %d hits %u cleared %d looked %u\n", when,
		       faults_next_ms(&faults), limit, leaks, record->hits, record->cleared, looked);
	}
	return EXIT_SUCCESS;
}
