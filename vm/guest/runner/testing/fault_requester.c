// SPDX-License-Identifier: MIT
/*
 * Requesters that are killed without a guest, for fault-requester.test.ts: they are made up, and die at once.
 *
 *	fault_requester AMOUNT WHEN:DOING …	so many of four, from 100 to 200 ms of a window; WHEN is so many ms into it, and DOING has a letter
 *						for each requester: "a" waits for an answer, "r" rests, "l" waits until it has been chosen, and
 *						has its answer before the signal
 *
 * writes for each "at WHEN killed BITS hits H cleared 0|1", BITS of all that have been killed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fault.h"
#include "../events.h"
#include "../../common/slowness.h"

static char doing[5] = "rrrr";
static uint64_t killed;

int container_kill_requester(struct container *container, uint32_t worker)
{
	(void)container;
	/* It dies with its request under way, or with none. */
	doing[worker] = doing[worker] == 'l' ? 'r' : 'a';
	killed |= UINT64_C(1) << worker;
	return 0;
}

int container_replace_requester(struct container *container, const struct plan_cell *cell, uint32_t worker)
{
	(void)container;
	(void)cell;
	(void)worker;
	return 0;
}

bool ledger_is_asking(const struct ledger *ledger, uint32_t container, uint32_t worker)
{
	(void)ledger;
	(void)container;
	return doing[worker] != 'r';
}

enum wait_result events_wait(uint64_t until, bool (*done)(const void *arg), const void *arg, const char *phase)
{
	(void)until;
	(void)phase;
	return done(arg) ? WAIT_DONE : WAIT_TIMEOUT;
}

int slowness(void)
{
	return 1;
}

int fail(const char *kind, const char *format, ...)
{
	fprintf(stderr, "%s: %s\n", kind, format);
	return -1;
}

int main(int argc, char **argv)
{
	static const struct plan_container plan = { .requesters = 4 };
	static struct plan_window window = {
		.faults = { { .kind = FAULT_KILL_REQUESTER, .at_ms = 100, .until_ms = 200 } },
		.fault_count = 1,
	};
	static struct plan_cell cell;
	static struct faults faults;
	static struct ledger ledger = { .present = { 0xf } };
	static struct agents agents;
	struct container container = { .plan = &plan, .agents = &agents };
	const struct fault_record *record = &faults.records[0];

	if (argc < 2)
		return EXIT_FAILURE;
	window.faults[0].amount = (uint32_t)atoi(argv[1]);
	if (faults_prepare(&faults, &cell, &window, &container, &ledger))
		return EXIT_FAILURE;
	for (int i = 2; i < argc; i++) {
		const char *when = strtok(argv[i], ":"), *now = strtok(NULL, ":");

		if (!now || strlen(now) != 4)
			return EXIT_FAILURE;
		/* What the dead were doing is in the ledger for good. */
		for (int worker = 0; worker < 4; worker++)
			if (!(killed & UINT64_C(1) << worker))
				doing[worker] = now[worker];
		if (faults_act(&faults, (uint32_t)atoi(when)))
			return EXIT_FAILURE;
		printf("at %s killed %" PRIx64 " hits %u cleared %d\n", when, killed, record->hits, record->cleared);
	}
	return EXIT_SUCCESS;
}
