// SPDX-License-Identifier: MIT
/*
 * What an agent is asked to do wrong without a guest, for fault-dose.test.ts: the dose is real, the agent that takes it is made up.
 *
 *	fault_dose WHEN:HITS …	garbles from 100 to 200 ms of a window and repeats from 300 to 400; WHEN is so many ms into it or "over", by
 *				which the agent has counted so many hits of whatever it is asked for then; "-": there is no agent then
 *
 * writes for each "at WHEN asked nothing|garble|repeat hits A cleared 0|1 hits B cleared 0|1".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fault.h"

static struct agent agent = { .pid = 7 };
static struct agents agents;
static bool is_there = true;

struct agent *agent_live(struct agents *of)
{
	(void)of;
	return is_there ? &agent : NULL;
}

int fail(const char *kind, const char *format, ...)
{
	fprintf(stderr, "%s: %s\n", kind, format);
	return -1;
}

static const char *asked(uint32_t order)
{
	switch (ks_dose_kind_of(order)) {
	case KS_DOSE_GARBLE:
		return "garble";
	case KS_DOSE_REPEAT:
		return "repeat";
	default:
		return "nothing";
	}
}

int main(int argc, char **argv)
{
	static const struct plan_window window = {
		.faults = { { .kind = FAULT_GARBLE_ANSWERER, .at_ms = 100, .until_ms = 200 },
			    { .kind = FAULT_REPEAT_ANSWERER, .at_ms = 300, .until_ms = 400 } },
		.fault_count = 2,
	};
	static struct plan_cell cell;
	static struct faults faults;
	static struct ledger ledger;
	struct container container = { .agents = &agents };
	const struct fault_record *one = &faults.records[0], *two = &faults.records[1];

	if (dose_fd(&agents.dose) < 0 || faults_prepare(&faults, &cell, &window, &container, &ledger))
		return EXIT_FAILURE;
	for (int i = 1; i < argc; i++) {
		const char *when = strtok(argv[i], ":"), *hits = strtok(NULL, ":");
		struct ks_dose *dose = agents.dose.shared;

		if (!when || !hits)
			return EXIT_FAILURE;
		is_there = strcmp(hits, "-");
		dose->hits[ks_dose_slot_of(dose->order)] += (uint32_t)atoi(hits);
		if (strcmp(when, "over") ? faults_act(&faults, (uint32_t)atoi(when)) : faults_window_over(&faults))
			return EXIT_FAILURE;
		printf("at %s asked %s hits %u cleared %d hits %u cleared %d\n", when, asked(dose->order), one->hits, one->cleared,
		       two->hits, two->cleared);
	}
	return EXIT_SUCCESS;
}
