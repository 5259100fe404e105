// SPDX-License-Identifier: MIT
/*
 * A storm of a container's requesters without a guest, for fault-storm.test.ts: the rounds are entered by hand.
 *
 *	fault_storm cleared BEFORE DURING AFTER	so many rounds before it is injected, until it is cleared, and after that
 *	fault_storm abandoned			it is injected, and then things go wrong
 *
 * writes "gate G hits H cleared C gone N", C and N 1 or 0, when its window is over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fault.h"

#define REQUESTERS 2

static void storm(struct ks_ledger_container *container, const char *rounds)
{
	atomic_fetch_add(&container->cursor, (uint32_t)atoi(rounds) * REQUESTERS);
}

int main(int argc, char **argv)
{
	static struct ks_ledger shared;
	static struct plan_window window = { .faults = { { .kind = FAULT_STORM_REQUESTERS, .at_ms = 100, .until_ms = 200 } },
					     .fault_count = 1 };
	static struct plan_cell cell;
	static struct faults faults;
	struct ledger ledger = { .shared = &shared };
	struct container container = { .ledger = &ledger };
	struct ks_ledger_container *storming = &shared.container[0];
	const struct fault_record *record = &faults.records[0];
	bool abandoned = argc == 2 && !strcmp(argv[1], "abandoned");

	if (!abandoned && argc != 5)
		return EXIT_FAILURE;
	storming->requesters = REQUESTERS;
	if (faults_prepare(&faults, &cell, &window, &container, &ledger))
		return EXIT_FAILURE;
	if (!abandoned)
		storm(storming, argv[2]);
	if (faults_act(&faults, 100) || !atomic_load(&storming->gate))
		return EXIT_FAILURE;
	if (abandoned) {
		faults_abandon(&faults);
	} else {
		storm(storming, argv[3]);
		if (faults_act(&faults, 200))
			return EXIT_FAILURE;
		storm(storming, argv[4]);
		if (faults_settle(&faults, 0))
			return EXIT_FAILURE;
	}
	printf("gate %u hits %u cleared %d gone %d\n", atomic_load(&storming->gate), record->hits, record->cleared, record->gone);
	return EXIT_SUCCESS;
}
