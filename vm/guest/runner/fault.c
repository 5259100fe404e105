// SPDX-License-Identifier: MIT
/* When a window's faults are due, and what is said of them; what they do is in fault_kill.c and fault_stop.c. */
#include "fault.h"

#include "frame.h"
#include "helper_process.h"

static const struct fault_kind *const kinds[] = {
	[FAULT_KILL_ANSWERER] = &fault_kill_answerer,
	[FAULT_STOP_ANSWERER] = &fault_stop_answerer,
};

void faults_prepare(struct faults *faults, const struct plan_cell *cell, const struct plan_window *window,
		    struct container *containers)
{
	*faults = (struct faults){ .cell = cell, .count = window->fault_count };
	for (uint32_t i = 0; i < faults->count; i++) {
		faults->records[i].plan = &window->faults[i];
		faults->records[i].container = &containers[window->faults[i].container];
	}
	if (faults->count > 0 && plan_has_helpers(cell->mechanism.route))
		helper_process_snapshot();
}

static int64_t next_ms_of(const struct fault_record *record)
{
	switch (record->state) {
	case FAULT_PLANNED:
		return record->plan->at_ms;
	case FAULT_INJECTED:
		return record->plan->until_ms;
	case FAULT_OVER:
		break;
	}
	return -1;
}

int64_t faults_next_ms(const struct faults *faults)
{
	int64_t next = -1;

	for (uint32_t i = 0; i < faults->count; i++) {
		int64_t ms = next_ms_of(&faults->records[i]);

		if (ms >= 0 && (next < 0 || ms < next))
			next = ms;
	}
	return next;
}

static int clear(struct faults *faults, struct fault_record *record)
{
	record->state = FAULT_OVER;
	return kinds[record->plan->kind]->clear(faults, record);
}

static int inject(struct faults *faults, struct fault_record *record)
{
	int result = kinds[record->plan->kind]->inject(faults, record);

	record->state = record->agent ? FAULT_INJECTED : FAULT_OVER;
	return result;
}

int faults_act(struct faults *faults, uint32_t ms)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];
		int64_t due = next_ms_of(record);

		if (due < 0 || due > ms)
			continue;
		if (record->state == FAULT_PLANNED ? inject(faults, record) : clear(faults, record))
			return -1;
	}
	return 0;
}

void faults_window_over(struct faults *faults)
{
	for (uint32_t i = 0; i < faults->count; i++)
		if (faults->records[i].plan->kind == FAULT_STOP_ANSWERER && faults->records[i].state == FAULT_INJECTED)
			clear(faults, &faults->records[i]);
}

int faults_settle(struct faults *faults, uint64_t now)
{
	for (uint32_t i = 0; i < faults->count; i++) {
		struct fault_record *record = &faults->records[i];

		/* The window was over before the fault's time: nothing was there to be hit. */
		if (record->state == FAULT_PLANNED) {
			record->state = FAULT_OVER;
			record->inject_before = now;
			record->inject_after = now;
		}
		if (record->state == FAULT_INJECTED && clear(faults, record))
			return -1;
		if (record->successor && agent_await(record->container->agents))
			return -1;
	}
	return 0;
}

static void report_one(const struct faults *faults, const struct fault_record *record, uint32_t window_index, bool clear)
{
	const struct agent *successor = record->successor;
	struct json *json = frame_begin("fault");

	json_text(json, "cell", faults->cell->id);
	json_unsigned(json, "index", window_index);
	json_text(json, "name", plan_faults[record->plan->kind]);
	json_text(json, "container", record->container->plan->name);
	json_text(json, "phase", clear ? "clear" : "inject");
	json_unsigned(json, "mono_before", clear ? record->clear_before : record->inject_before);
	json_unsigned(json, "mono_after", !clear ? record->inject_after : successor ? successor->ready_at : record->clear_after);
	json_unsigned(json, "hits", record->hits);
	json_unsigned(json, "pid", clear && successor ? (uint64_t)successor->pid : record->pid);
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
