// SPDX-License-Identifier: MIT
/* When a window's faults are due, and what is said of them; what they do is in a file fault_*.c for each kind. */
#include "fault.h"

#include "../common/clock.h"
#include "frame.h"
#include "group.h"
#include "helper_process.h"

#define KEEP_UP_MS 25

static const struct fault_kind *const kinds[] = {
	[FAULT_KILL_ANSWERER] = &fault_kill_answerer,
	[FAULT_STOP_ANSWERER] = &fault_stop_answerer,
	[FAULT_SLOW_ANSWERER] = &fault_dose,
	[FAULT_REJECT_ANSWERER] = &fault_dose,
	[FAULT_GARBLE_ANSWERER] = &fault_dose,
	[FAULT_REPEAT_ANSWERER] = &fault_dose,
	[FAULT_MISNUMBER_ANSWERER] = &fault_dose,
	[FAULT_CRASH_ANSWERER] = &fault_crash_answerer,
	[FAULT_KILL_REQUESTER] = &fault_kill_requester,
	[FAULT_STARVE_ANSWERER] = &fault_starve_answerer,
	[FAULT_EXHAUST_PIDS] = &fault_exhaust_pids,
	[FAULT_SQUEEZE_MEMORY] = &fault_squeeze_memory,
	[FAULT_STEP_CLOCK] = &fault_step_clock,
	[FAULT_OFFLINE_CPU] = &fault_offline_cpu,
	[FAULT_FILL_DISK] = &fault_fill_disk,
	[FAULT_LOSE_PACKETS] = &fault_lose_packets,
	[FAULT_STORM_REQUESTERS] = &fault_storm_requesters,
};

_Static_assert(PLAN_FAULTS_MAX <= KS_DOSE_SLOTS, "each fault of a window has a slot of its own");
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == FAULT_KINDS, "each kind has its code");

static const struct fault_kind *kind_of(const struct fault_record *record)
{
	return kinds[record->plan->kind];
}

int faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		   struct container *containers, struct ledger *ledger)
{
	*faults = (struct faults){ .cell = cell, .ledger = ledger };
	for (uint32_t i = 0; i < window->fault_count; i++) {
		struct fault_record *record = &faults->records[i];

		record->plan = &window->faults[i];
		record->slot = i;
		if (!plan_fault_kinds[record->plan->kind].of_guest)
			record->container = &containers[record->plan->container];
		/* Counted first: also one whose preparation failed half-way is to be released. */
		faults->count = i + 1;
		if (kind_of(record)->grouped)
			group_prepare(record->container);
		if (kind_of(record)->prepare && kind_of(record)->prepare(faults, record))
			return -1;
	}
	if (faults->count > 0 && plan_has_helpers(cell->mechanism.route))
		helper_process_snapshot();
	return 0;
}

/* It was tried, and nobody was there to be hit. */
static bool looks_again(const struct fault_record *record)
{
	return record->state == FAULT_PLANNED && record->inject_before > 0;
}

int64_t fault_due_ms(const struct fault_record *record)
{
	switch (record->state) {
	case FAULT_PLANNED:
		if (!looks_again(record))
			return record->plan->at_ms;
		/* Found later it would be undone at once, and have shown nothing. */
		if (record->kept_ms >= record->plan->until_ms && !kind_of(record)->until_hit)
			break;
		return record->kept_ms;
	case FAULT_INJECTED:
		if (record->awaits_hit || (kind_of(record)->keep_up && record->kept_ms < record->plan->until_ms))
			return record->kept_ms;
		return record->plan->until_ms;
	case FAULT_OVER:
		if (record->cleared && kind_of(record)->supervised)
			return record->kept_ms;
		break;
	}
	return -1;
}

int64_t faults_next_ms(const struct faults *faults)
{
	int64_t next = -1;

	for (uint32_t i = 0; i < faults->count; i++) {
		int64_t ms = fault_due_ms(&faults->records[i]);

		if (ms >= 0 && (next < 0 || ms < next))
			next = ms;
	}
	return next;
}

static uint64_t counted_since(const struct fault_record *record)
{
	return kind_of(record)->count(record) - record->counted;
}

uint64_t fault_late_hits(const struct fault_record *record)
{
	return counted_since(record) - record->hits;
}

static void undo(struct fault_record *record)
{
	record->clear_before = ks_now();
	kind_of(record)->undo(record);
	if (kind_of(record)->count)
		record->hits = (uint32_t)counted_since(record);
	record->clear_after = ks_now();
	record->cleared = true;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	record->state = FAULT_OVER;
	if (kind_of(record)->undo)
		undo(record);
	return kind_of(record)->clear ? kind_of(record)->clear(faults, record) : 0;
}

/* One whose time is up and that still waits for a hit, or for an agent, waits no longer than until the next comes to the same agent. */
static int make_room(struct faults *faults, const struct fault_record *comes, uint32_t ms)
{
	if (!comes->container)
		return 0;
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		if (record == comes || !record->container || record->container->agents != comes->container->agents)
			continue;
		if (looks_again(record) && record->plan->until_ms <= ms)
			record->state = FAULT_OVER;
		if (record->state == FAULT_INJECTED && record->awaits_hit && clear(faults, record))
			return -1;
	}
	return 0;
}

static int inject(struct faults *faults, struct fault_record *record, uint32_t ms)
{
	const struct fault_kind *kind = kind_of(record);
	int result;

	if (make_room(faults, record, ms))
		return -1;
	record->kept_ms = ms;
	if (kind->count)
		record->counted = kind->count(record);
	record->inject_before = ks_now();
	result = kind->inject(faults, record);
	record->inject_after = ks_now();
	/* Nobody was there to be hit, none that waited for an answer, say: there may be soon. */
	if (!record->to_undo) {
		record->kept_ms = ms + KEEP_UP_MS;
		return result;
	}
	record->state = FAULT_INJECTED;
	return !result && kind->probe ? kind->probe(record) : result;
}

static int keep_up(struct faults *faults, struct fault_record *record, uint32_t ms)
{
	record->kept_ms = ms + KEEP_UP_MS;
	return kind_of(record)->keep_up ? kind_of(record)->keep_up(faults, record) : 0;
}

static int go_on(struct faults *faults, struct fault_record *record, uint32_t ms)
{
	record->awaits_hit = ms >= record->plan->until_ms && kind_of(record)->until_hit && counted_since(record) == 0;
	if (ms < record->plan->until_ms || record->awaits_hit)
		return keep_up(faults, record, ms);
	record->kept_ms = ms + KEEP_UP_MS;
	return clear(faults, record);
}

static int act(struct faults *faults, struct fault_record *record, uint32_t ms)
{
	switch (record->state) {
	case FAULT_PLANNED:
		return inject(faults, record, ms);
	case FAULT_INJECTED:
		return go_on(faults, record, ms);
	case FAULT_OVER:
		return keep_up(faults, record, ms);
	}
	return 0;
}

/* Of two that meet, the one that ends makes room for the one that begins. */
int faults_act(struct faults *faults, uint32_t ms)
{
	for (int state = FAULT_OVER; state >= FAULT_PLANNED; state--)
		for (uint32_t i = 0; i < faults->count; i++) {
			struct fault_record *record = &faults->records[i];
			int64_t due = fault_due_ms(record);

			if ((int)record->state != state || due < 0 || due > ms)
				continue;
			if (act(faults, record, ms))
				return -1;
		}
	return 0;
}

int faults_window_over(struct faults *faults)
{
	int result = 0;

	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		if (record->state == FAULT_INJECTED && kind_of(record)->at_once && clear(faults, record))
			result = -1;
	}
	return result;
}

static void release(struct faults *faults)
{
	for (uint32_t i = 0; i < faults->count; i++)
		if (kind_of(&faults->records[i])->release)
			kind_of(&faults->records[i])->release(&faults->records[i]);
}

int faults_settle(struct faults *faults, uint64_t now)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		/* Nobody was there to be hit; or the window was over before it was tried, and the times of injection say so. */
		if (record->state == FAULT_PLANNED && record->inject_before == 0) {
			record->inject_before = now;
			record->inject_after = now;
		}
		if (record->state == FAULT_PLANNED)
			record->state = FAULT_OVER;
		if (record->state == FAULT_INJECTED && clear(faults, record))
			return -1;
	}
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		if (record->to_undo && kind_of(record)->settle && kind_of(record)->settle(faults, record))
			return -1;
	}
	release(faults);
	return 0;
}

void faults_abandon(struct faults *faults)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		if (record->state == FAULT_INJECTED && kind_of(record)->undo)
			kind_of(record)->undo(record);
		record->state = FAULT_OVER;
	}
	release(faults);
}

static void report_one(const struct faults *faults, const struct fault_record *record, uint32_t window_index, bool clear)
{
	struct json *json = frame_begin("fault");

	json_text(json, "cell", faults->cell->id);
	json_unsigned(json, "index", window_index);
	json_text(json, "name", plan_fault_kinds[record->plan->kind].name);
	frame_text_or_null(json, "container", record->container ? record->container->plan->name : NULL);
	json_text(json, "phase", clear ? "clear" : "inject");
	json_unsigned(json, "mono_before", clear ? record->clear_before : record->inject_before);
	json_unsigned(json, "mono_after", clear ? record->clear_after : record->inject_after);
	json_unsigned(json, "hits", record->hits);
	json_unsigned(json, "pid", clear && record->clear_pid ? record->clear_pid : record->pid);
	if (clear)
		json_bool(json, "gone", record->gone);
	if (clear && plan_fault_kinds[record->plan->kind].is_dose)
		json_unsigned(json, "amiss", record->amiss);
	frame_end();
}

void faults_report(const struct faults *faults, uint32_t window_index)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		report_one(faults, &faults->records[i], window_index, false);
		if (faults->records[i].cleared)
			report_one(faults, &faults->records[i], window_index, true);
	}
}
