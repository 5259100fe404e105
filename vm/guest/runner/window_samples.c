// SPDX-License-Identifier: MIT
#include "window_samples.h"

#include <stdlib.h>

#include "failure.h"
#include "frame.h"
#include "window_place.h"
#include "window_tally.h"

#define SAMPLES_PER_FRAME 2000
/* Latency and errno of a request that has not ended. */
#define NOT_ENDED (-1)
/* In place of the agent's id: nobody was asked. */
#define AGENT_OF_HIT (-1)

struct sample {
	const struct ks_ledger_entry *entry;
	uint64_t origin;
};

static int by_origin(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->origin > y->origin) - (x->origin < y->origin);
}

static void write_row(struct json *json, const struct sample *sample, uint64_t window_start)
{
	const struct ks_ledger_entry *entry = sample->entry;

	json_array(json, NULL);
	json_unsigned(json, NULL, sample->origin - window_start);
	json_signed(json, NULL, entry->ends ? (int64_t)(entry->end - sample->origin) : NOT_ENDED);
	json_signed(json, NULL, entry->ends ? entry->error : NOT_ENDED);
	json_signed(json, NULL, entry->flags & KS_ENTRY_HIT ? AGENT_OF_HIT : (int64_t)entry->agent);
	json_unsigned(json, NULL, entry->worker);
	json_array_end(json);
}

static void emit(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
		 const struct sample *samples, uint32_t count)
{
	static const char *const fields[] = { "start", "latency", "errno", "agent", "worker" };
	uint32_t at = 0;

	do {
		struct json *json = frame_begin("samples");

		window_write_place(json, stage, index, container, times);
		json_array(json, "fields");
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			json_text(json, NULL, fields[i]);
		json_array_end(json);
		json_array(json, "rows");
		for (uint32_t rows = 0; at < count && rows < SAMPLES_PER_FRAME; at++, rows++)
			write_row(json, &samples[at], times->start);
		json_array_end(json);
		json_bool(json, "last", at == count);
		frame_end();
	} while (at < count);
}

void window_samples(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times)
{
	const struct ks_ledger_entry *entries = ks_ledger_entries(stage->ledger.shared, container);
	const struct plan_window *window = &stage->cell->windows[index];
	uint32_t used = ledger_used(&stage->ledger, container), count = 0;
	struct sample *samples = malloc(sizeof(*samples) * (used + 1));

	if (!samples) {
		fail("window", "out of memory for the samples of %u requests", used);
		return;
	}
	for (uint32_t i = 0; i < used; i++)
		if (entries[i].start > 0 && !ledger_is_cut_off(&stage->ledger, container, &entries[i]))
			samples[count++] = (struct sample){ &entries[i], window_origin(window, times, &entries[i], i) };
	qsort(samples, count, sizeof(*samples), by_origin);
	emit(stage, index, container, times, samples, count);
	free(samples);
}
