// SPDX-License-Identifier: MIT
#include "window_report.h"

#include <stdlib.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/histogram.h"
#include "failure.h"
#include "frame.h"

#define ERRNO_MAX 4096
#define SAMPLES_PER_FRAME 2000
/* Latency and errno of a request that has not ended. */
#define NOT_ENDED (-1)

/** Sums over one container's requests of a window. */
struct tally {
	uint64_t started, ended, ok, wrong, foreign_ns, open, twice, late;
	uint32_t errors[ERRNO_MAX];
	struct ks_histogram answered;
	struct ks_histogram failed;
};

static bool is_wrong(const struct plan_cell *cell, struct container *container, const struct ks_ledger_entry *entry)
{
	if (entry->flags & KS_ENTRY_WRONG)
		return true;
	return cell->route == ROUTE_SESSION && !agent_find(container, entry->agent);
}

static void count_entry(struct tally *tally, const struct plan_cell *cell, struct container *container,
			const struct ks_ledger_entry *entry)
{
	uint64_t latency = entry->end - entry->start;

	if (entry->start == 0)
		return;
	tally->started++;
	if (entry->ends == 0) {
		tally->open++;
		return;
	}
	tally->ended++;
	tally->twice += entry->ends > 1;
	tally->late += latency > cell->deadline_ms * KS_NS_PER_MS;
	if (entry->error) {
		tally->errors[entry->error % ERRNO_MAX]++;
		ks_histogram_record(&tally->failed, latency);
		return;
	}
	tally->ok++;
	tally->wrong += is_wrong(cell, container, entry);
	tally->foreign_ns += (entry->flags & KS_ENTRY_FOREIGN_NS) != 0;
	ks_histogram_record(&tally->answered, latency);
}

static void write_errors(struct json *json, const struct tally *tally)
{
	json_object(json, "errors");
	for (int error = 1; error < ERRNO_MAX; error++) {
		const char *name = strerrorname_np(error);

		if (tally->errors[error] > 0)
			json_unsigned(json, name ? name : "EUNKNOWN", tally->errors[error]);
	}
	json_object_end(json);
}

static void write_place(struct json *json, const struct stage *stage, uint32_t index, uint32_t container,
			const struct window_times *times)
{
	json_text(json, "cell", stage->cell->id);
	json_unsigned(json, "index", index);
	json_text(json, "container", stage->cell->containers[container].name);
	json_unsigned(json, "mono_start", times->start);
}

static int by_start(const void *a, const void *b)
{
	const struct ks_ledger_entry *const *x = a, *const *y = b;

	return ((*x)->start > (*y)->start) - ((*x)->start < (*y)->start);
}

static void write_row(struct json *json, const struct ks_ledger_entry *entry, uint64_t window_start)
{
	json_array(json, NULL);
	json_unsigned(json, NULL, entry->start - window_start);
	json_signed(json, NULL, entry->ends ? (int64_t)(entry->end - entry->start) : NOT_ENDED);
	json_signed(json, NULL, entry->ends ? entry->error : NOT_ENDED);
	json_unsigned(json, NULL, entry->agent);
	json_unsigned(json, NULL, entry->worker);
	json_array_end(json);
}

static void emit_samples(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
			 const struct ks_ledger_entry **entries, uint32_t count)
{
	static const char *const fields[] = { "start", "latency", "errno", "agent", "worker" };
	uint32_t at = 0;

	do {
		struct json *json = frame_begin("samples");

		write_place(json, stage, index, container, times);
		json_array(json, "fields");
		for (int i = 0; i < 5; i++)
			json_text(json, NULL, fields[i]);
		json_array_end(json);
		json_array(json, "rows");
		for (uint32_t rows = 0; at < count && rows < SAMPLES_PER_FRAME; at++, rows++)
			write_row(json, entries[at], times->start);
		json_array_end(json);
		json_bool(json, "last", at == count);
		frame_end();
	} while (at < count);
}

static void report_samples(struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times)
{
	const struct ks_ledger_entry *first = ks_ledger_entries(stage->ledger.shared, container);
	uint32_t used = ledger_used(&stage->ledger, container), count = 0;
	const struct ks_ledger_entry **entries = malloc(sizeof(*entries) * (used + 1));

	if (!entries) {
		fail("window", "out of memory for the samples of %u requests", used);
		return;
	}
	for (uint32_t i = 0; i < used; i++)
		if (first[i].start > 0)
			entries[count++] = &first[i];
	qsort(entries, count, sizeof(*entries), by_start);
	emit_samples(stage, index, container, times, entries, count);
	free(entries);
}

void window_report(struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times)
{
	static struct tally tally;
	const struct ks_ledger_entry *entries = ks_ledger_entries(stage->ledger.shared, container);
	uint32_t used = ledger_used(&stage->ledger, container);
	struct json *json;

	memset(&tally, 0, sizeof(tally));
	for (uint32_t i = 0; i < used; i++)
		count_entry(&tally, stage->cell, &stage->containers[container], &entries[i]);
	json = frame_begin("window");
	write_place(json, stage, index, container, times);
	json_unsigned(json, "mono_end", times->end);
	json_unsigned(json, "started", tally.started);
	json_unsigned(json, "ended", tally.ended);
	json_unsigned(json, "ok", tally.ok);
	write_errors(json, &tally);
	json_unsigned(json, "wrong", tally.wrong);
	json_unsigned(json, "foreign_ns", tally.foreign_ns);
	json_unsigned(json, "open", tally.open);
	json_unsigned(json, "twice", tally.twice);
	json_unsigned(json, "late", tally.late);
	json_bool(json, "truncated", atomic_load(&stage->ledger.shared->container[container].truncated));
	frame_histogram(json, "hist", &tally.answered);
	if (tally.failed.count > 0)
		frame_histogram(json, "errors_hist", &tally.failed);
	else
		json_null(json, "errors_hist");
	frame_end();
	if (stage->cell->windows[index].samples)
		report_samples(stage, index, container, times);
}
