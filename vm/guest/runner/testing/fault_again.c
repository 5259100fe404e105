// SPDX-License-Identifier: MIT
/*
 * A fault that finds nobody without a guest, for fault-again.test.ts: a made-up kind that hits whoever is there.
 *
 *	fault_again WHEN:0|1 …	from 100 to 200 ms of a window; WHEN is so many ms into it or "settled", and whether somebody is there then. At
 *				"settled" it is 5 s after the clock's start
 *
 * writes for each "at WHEN due D hits H cleared 0|1", D -1 when nothing is to come, and after "settled" "reported at T ms", when it says that it
 * was injected.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../fault.h"

static bool is_there;

static int inject(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->to_undo = is_there;
	record->hits = is_there;
	return 0;
}

static void undo(struct fault_record *record)
{
	record->gone = true;
}

const struct fault_kind fault_stop_answerer = { .inject = inject, .undo = undo };

int main(int argc, char **argv)
{
	static const struct plan_window window = {
		.faults = { { .kind = FAULT_STOP_ANSWERER, .at_ms = 100, .until_ms = 200 } },
		.fault_count = 1,
	};
	static struct plan_cell cell;
	static struct faults faults;
	static struct ledger ledger;
	static struct agents agents;
	struct container container = { .agents = &agents };
	const struct fault_record *record = &faults.records[0];

	if (faults_prepare(&faults, &cell, &window, &container, &ledger))
		return EXIT_FAILURE;
	for (int i = 1; i < argc; i++) {
		const char *when = strtok(argv[i], ":"), *there = strtok(NULL, ":");
		bool settled = !strcmp(when, "settled");

		if (!there)
			return EXIT_FAILURE;
		is_there = atoi(there);
		if (settled ? faults_settle(&faults, 5000 * KS_NS_PER_MS) : faults_act(&faults, (uint32_t)atoi(when)))
			return EXIT_FAILURE;
		printf("at %s due %" PRId64 " hits %u cleared %d\n", when, faults_next_ms(&faults), record->hits, record->cleared);
		if (settled)
			printf("reported at %llu ms\n", record->inject_before / KS_NS_PER_MS);
	}
	return EXIT_SUCCESS;
}
