// SPDX-License-Identifier: MIT
#include "stages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../common/histogram.h"
#include "failure.h"
#include "frame.h"
#include "stage_parts.h"
#include "window_tally.h"

static int by_serial_and_time(const void *a, const void *b)
{
	const struct ks_stage *x = a, *y = b;

	if (x->serial != y->serial)
		return x->serial < y->serial ? -1 : 1;
	return (x->entered > y->entered) - (x->entered < y->entered);
}

int stage_records_take(struct stage_records *records)
{
	struct ks_stages request = { .size = sizeof(request), .nr = KS_STAGES_MAX };
	int device = open(KS_DEVICE, O_RDWR | O_CLOEXEC), result;

	*records = (struct stage_records){ .list = malloc(KS_STAGES_MAX * sizeof(struct ks_stage)) };
	if (device < 0 || !records->list) {
		if (device >= 0)
			close(device);
		return fail("stages", "cannot ask the module for its records: %s", strerror(errno));
	}
	request.records = (uintptr_t)records->list;
	result = ioctl(device, KS_IOC_STAGES, &request);
	close(device);
	if (result)
		return fail("stages", "the module does not give its records: %s", strerror(errno));
	records->count = request.nr;
	records->lost = request.lost;
	qsort(records->list, records->count, sizeof(*records->list), by_serial_and_time);
	return 0;
}

void stage_records_release(struct stage_records *records)
{
	free(records->list);
	*records = (struct stage_records){ 0 };
}

/* Serials are used again: of those with this one, the record that lies within the request. */
static const struct ks_stage *find(const struct stage_records *records, int32_t serial, uint64_t start, uint64_t end)
{
	uint32_t low = 0, high = records->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (records->list[middle].serial < serial)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < records->count && records->list[low].serial == serial; low++)
		if (records->list[low].entered >= start && records->list[low].over <= end)
			return &records->list[low];
	return NULL;
}

/* What an answer by this mechanism must have been stamped with, beyond start and end. */
static bool is_complete(const struct plan_mechanism *mechanism, const struct stage_points *points)
{
	/* The module itself has answered. */
	if (mechanism->route == ROUTE_NULL)
		return true;
	if (!points->at[POINT_WOKE] || !points->at[POINT_ANSWERING])
		return false;
	if (plan_has_helpers(mechanism->route))
		return true;
	if (mechanism->delivery != DELIVERY_FD_WRITE && !points->at[POINT_ASSUMED])
		return false;
	return mechanism->route == ROUTE_SESSION_RFC || points->at[POINT_TOLD];
}

static bool take_apart(const struct plan_mechanism *mechanism, const struct stage_records *records,
		       const struct ks_ledger_entry *entry, const struct ks_ledger_stages *noted, uint64_t origin,
		       struct stage_parts *parts)
{
	const struct ks_stage *record = noted->serial ? find(records, noted->serial, entry->start, entry->end) : NULL;
	struct stage_points points = { .at = {
		[POINT_DUE] = origin == entry->start ? 0 : origin,
		[POINT_START] = entry->start,
		[POINT_ENTERED] = record ? record->entered : 0,
		[POINT_TOLD] = record ? record->told : 0,
		[POINT_WOKE] = noted->woke,
		[POINT_ASSUMED] = noted->assumed,
		[POINT_ANSWERING] = noted->answering,
		[POINT_OVER] = record ? record->over : 0,
		[POINT_END] = entry->end,
	} };

	return is_complete(mechanism, &points) && stage_parts_of(&points, parts);
}

static void write_parts(struct json *json, const struct ks_histogram parts[PARTS])
{
	json_array(json, "parts");
	for (int i = 0; i < PARTS; i++) {
		if (parts[i].count == 0)
			continue;
		json_object(json, NULL);
		json_text(json, "name", stage_part_names[i]);
		frame_histogram(json, "hist", &parts[i]);
		json_object_end(json);
	}
	json_array_end(json);
}

void stages_report(const struct stage *stage, uint32_t index, uint32_t container, const struct window_times *times,
		   const struct stage_records *records)
{
	static struct ks_histogram histograms[PARTS];
	const struct ks_ledger_entry *entries = ks_ledger_entries(stage->ledger.shared, container);
	const struct ks_ledger_stages *noted = ks_ledger_stages(stage->ledger.shared, container);
	const struct plan_window *window = &stage->cell->windows[index];
	uint64_t requests = 0, unjoined = 0;
	struct json *json;

	memset(histograms, 0, sizeof(histograms));
	for (uint32_t i = 0; i < ledger_used(&stage->ledger, container); i++) {
		const struct ks_ledger_entry *entry = &entries[i];
		struct stage_parts parts;

		if (entry->start == 0 || entry->ends == 0 || entry->error || entry->flags & KS_ENTRY_HIT)
			continue;
		if (!take_apart(&stage->cell->mechanism, records, entry, &noted[i], window_origin(window, times, entry, i), &parts)) {
			unjoined++;
			continue;
		}
		requests++;
		for (int part = 0; part < PARTS; part++)
			if (parts.has[part])
				ks_histogram_record(&histograms[part], parts.ns[part]);
	}
	json = frame_begin("stages");
	json_text(json, "cell", stage->cell->id);
	json_unsigned(json, "index", index);
	json_text(json, "container", stage->cell->containers[container].name);
	json_unsigned(json, "requests", requests);
	json_unsigned(json, "unjoined", unjoined);
	json_unsigned(json, "lost", records->lost);
	write_parts(json, histograms);
	frame_end();
}
