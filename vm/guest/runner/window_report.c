// SPDX-License-Identifier: MIT
#include "window_report.h"

#include <string.h>

#include "frame.h"
#include "window_place.h"
#include "window_samples.h"
#include "window_tally.h"

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

static void write_histogram_or_null(struct json *json, const char *key, const struct ks_histogram *histogram)
{
	if (histogram->count > 0)
		frame_histogram(json, key, histogram);
	else
		json_null(json, key);
}

/* Every start that was due and was not made is missed, whoever might have made it. */
static void write_arrivals(struct json *json, const struct plan_window *window, const struct tally *tally)
{
	json_object(json, "arrivals");
	json_unsigned(json, "late", tally->nobody_free);
	json_unsigned(json, "missed", ledger_starts(window) - tally->started - tally->killed);
	frame_histogram(json, "service_hist", &tally->service);
	json_object_end(json);
}

static void write_hits(struct json *json, const struct tally *tally)
{
	json_object(json, "hits");
	json_unsigned(json, "ok", tally->hits_ok);
	frame_histogram(json, "hist", &tally->hits);
	json_object_end(json);
}

static void write_rounds(struct json *json, uint32_t rounds, const struct tally *tally)
{
	json_object(json, "rounds");
	json_unsigned(json, "count", rounds);
	frame_histogram(json, "hist", &tally->rounds);
	json_object_end(json);
}

static void write_batch(struct json *json, const struct tally *tally)
{
	json_object(json, "batch");
	json_unsigned(json, "size", KS_BATCH_SIZE);
	json_unsigned(json, "clock_reads", tally->clock_reads);
	json_object_end(json);
}

static bool kills_requesters(const struct plan_window *window)
{
	for (uint32_t i = 0; i < window->fault_count; i++)
		if (window->faults[i].kind == FAULT_KILL_REQUESTER)
			return true;
	return false;
}

/* What only some windows have. */
static void write_occasional(struct json *json, const struct stage *stage, uint32_t index, uint32_t container,
			     const struct tally *tally)
{
	const struct plan_window *window = &stage->cell->windows[index];

	if (kills_requesters(window))
		json_unsigned(json, "killed", tally->killed);
	if (window->rate > 0)
		write_arrivals(json, window, tally);
	if (stage->cell->hit_percent > 0)
		write_hits(json, tally);
	if (stage->cell->requests != REQUESTS_FRESH)
		write_rounds(json, stage->ledger.shared->container[container].rounds, tally);
	if (window->batch)
		write_batch(json, tally);
}

void window_report(struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times)
{
	static struct tally tally;
	struct json *json;

	window_tally(stage, index, container, times, &tally);
	json = frame_begin("window");
	window_write_place(json, stage, index, container, times);
	json_unsigned(json, "mono_end", times->end);
	json_unsigned(json, "started", tally.started);
	json_unsigned(json, "ended", tally.ended);
	json_unsigned(json, "ok", tally.ok);
	if (!stage->cell->windows[index].batch)
		json_unsigned(json, "in_time", tally.in_time);
	write_errors(json, &tally);
	json_unsigned(json, "wrong", tally.wrong);
	json_unsigned(json, "foreign_ns", tally.foreign_ns);
	json_unsigned(json, "open", tally.open);
	json_unsigned(json, "twice", tally.twice);
	json_unsigned(json, "late", tally.late);
	json_bool(json, "truncated", atomic_load(&stage->ledger.shared->container[container].truncated));
	frame_histogram(json, "hist", &tally.answered);
	write_histogram_or_null(json, "errors_hist", &tally.failed);
	write_occasional(json, stage, index, container, &tally);
	frame_end();
	if (stage->cell->windows[index].samples)
		window_samples(stage, index, container, times);
}
