// SPDX-License-Identifier: MIT
/*
 * The samples of a window without a guest, for samples.test.ts:
 *
 *	samples N [killed]	a closed loop of N requests, entered in the reverse order of their starts; their requester was killed
 *
 * writes a frame's JSON text a line. Request i started i + 1 ns after the window and took 2 ns; every third of them failed, with
 * ENOKEY, and every fifth has not ended.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../failure.h"
#include "../frame.h"
#include "../window_samples.h"
#include "../window_tally.h"

#define WINDOW_START 1000

static struct json frame;

struct json *frame_begin(const char *type)
{
	json_reset(&frame);
	json_object(&frame, NULL);
	json_text(&frame, "t", type);
	return &frame;
}

void frame_end(void)
{
	json_object_end(&frame);
	puts(frame.text);
}

int fail(const char *where, const char *message, ...)
{
	fprintf(stderr, "%s: %s\n", where, message);
	exit(1);
}

uint32_t ledger_used(const struct ledger *ledger, uint32_t container)
{
	return ledger->shared->container[container].cursor;
}

uint64_t window_origin(const struct plan_window *window, const struct window_times *times,
		       const struct ks_ledger_entry *entry, uint32_t i)
{
	(void)window;
	(void)times;
	(void)i;
	return entry->start;
}

static void enter(struct ks_ledger *ledger, uint32_t requests)
{
	struct ks_ledger_entry *entries = ks_ledger_entries(ledger, 0);

	for (uint32_t i = 0; i < requests; i++)
		entries[requests - 1 - i] = (struct ks_ledger_entry){
			.start = WINDOW_START + i + 1,
			.end = WINDOW_START + i + 3,
			.agent = 7,
			.error = i % 3 == 2 ? ENOKEY : 0,
			.ends = i % 5 != 4,
		};
	ledger->container[0].cursor = requests;
}

int main(int argc, char **argv)
{
	uint32_t requests = argc >= 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	struct ks_ledger *ledger = aligned_alloc(64, (ks_ledger_size(1, requests) + 63) / 64 * 64);
	static struct plan_window window;
	static struct plan_container container = { .name = "subject" };
	static struct plan_cell cell = { .id = "cell", .containers = &container, .windows = &window };
	struct stage stage = { .cell = &cell, .ledger = { .shared = ledger } };

	if (!ledger)
		return 1;
	if (argc == 3)
		stage.ledger.killed[0] = 1;
	ledger->capacity = requests;
	enter(ledger, requests);
	window_samples(&stage, 0, 0, &(struct window_times){ .start = WINDOW_START });
	json_free(&frame);
	free(ledger);
	return 0;
}
