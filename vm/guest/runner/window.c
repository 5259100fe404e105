// SPDX-License-Identifier: MIT
#include "window.h"

#include <stdio.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "failure.h"
#include "fault.h"
#include "meter.h"
#include "quiet.h"
#include "stage_switch.h"
#include "stages.h"
#include "window_report.h"

/* Requests of a warm-up, all together; the slowest mechanism needs some 40 ms for one under emulation. */
#define WARMUP_MS (300000 * slowness())
/* Beyond the module's own timeout: how long the last request of a window may take to end. */
#define DRAIN_MS (15000 * slowness())

/*
 * How long a window's last requests are left in peace: a beat while they are under way would cost them time. Most end
 * within it; for those that do not, it no longer matters.
 */
#define QUIET_NS (KS_NS_PER_S / 2)

static uint64_t drain_ns(const struct plan_cell *cell)
{
	return (cell->mechanism.timeout_ms + DRAIN_MS) * KS_NS_PER_MS;
}

int warmup_run(struct stage *stage)
{
	const struct ks_phase phase = { .kind = KS_PHASE_WARMUP, .limit = stage->cell->warmup };
	enum wait_result result;
	uint64_t start;

	if (stage->cell->warmup == 0)
		return 0;
	start = ledger_start(&stage->ledger, &phase, WARMUP_MS * KS_NS_PER_MS);
	result = ledger_await(&stage->ledger, start + WARMUP_MS * KS_NS_PER_MS + drain_ns(stage->cell), "warm-up");
	if (result == WAIT_FAILED)
		return -1;
	/* Also when all rest: their deadline cut the warm-up short. */
	if (result == WAIT_TIMEOUT || ks_now() - start >= WARMUP_MS * KS_NS_PER_MS)
		return fail("warm-up", "cell '%s': %u requests per requester were not done within %d s", stage->cell->id,
			    stage->cell->warmup, WARMUP_MS / 1000);
	return 0;
}

/* Sleeps through the window, awake only for its faults. 0, or -1 with a failure. */
static int sleep_through(struct stage *stage, struct faults *faults, uint64_t start, uint64_t deadline)
{
	int64_t next;

	while ((next = faults_next_ms(faults)) >= 0 && start + (uint64_t)next * KS_NS_PER_MS < deadline) {
		enum wait_result result = ledger_await(&stage->ledger, start + (uint64_t)next * KS_NS_PER_MS, NULL);

		if (result != WAIT_TIMEOUT)
			return result == WAIT_DONE ? 0 : -1;
		/* What another fault took so long for was the rest of the window: this one would hit nobody. */
		if (ks_now() >= deadline)
			break;
		if (faults_act(faults, (uint32_t)next))
			return -1;
	}
	return ledger_await(&stage->ledger, deadline, NULL) == WAIT_FAILED ? -1 : 0;
}

static struct ks_phase phase_of(const struct plan_window *window)
{
	struct ks_phase phase = { .kind = KS_PHASE_CLOSED, .limit = window->requests };

	phase.stages = window->stages;
	if (window->batch)
		phase.kind = KS_PHASE_BATCH;
	if (window->rate > 0) {
		phase.kind = KS_PHASE_OPEN;
		phase.rate = window->rate;
		phase.starts = ledger_starts(window);
	}
	return phase;
}

static uint64_t end_of(const struct stage *stage, const struct plan_window *window, uint64_t deadline, uint64_t now)
{
	uint64_t stopped_at = atomic_load(&stage->ledger.shared->stopped_at);

	/* A batch does not look at the clock: it goes on until it is stopped. */
	if (stopped_at > 0 && (stopped_at < deadline || window->batch))
		return stopped_at;
	/* All rest before the deadline though nobody stopped them: the ledger was full. */
	return stage->ledger.resting && now < deadline ? now : deadline;
}

/* A storm goes on until its requesters meet. */
static void report(struct stage *stage, uint32_t index, uint32_t container, struct window_times times,
		   const struct stage_records *records)
{
	uint64_t ended_at = stage->ledger.shared->container[container].ended_at;

	if (ended_at > 0)
		times.end = ended_at;
	window_report(stage, index, container, &times);
	if (records)
		stages_report(stage, index, container, &times, records);
}

static int report_all(struct stage *stage, uint32_t index, struct window_times times)
{
	bool with_stages = stage->cell->windows[index].stages;
	struct stage_records records = { 0 };
	int result = with_stages ? stage_records_take(&records) : 0;

	for (uint32_t i = 0; i < stage->cell->container_count; i++) {
		agent_report(&stage->containers[i], stage->cell);
		report(stage, index, i, times, with_stages ? &records : NULL);
	}
	stage_records_release(&records);
	return result;
}

static int run(struct stage *stage, uint32_t index, struct faults *faults)
{
	const struct plan_window *window = &stage->cell->windows[index];
	const struct ks_phase phase = phase_of(window);
	static struct meter meter;
	struct window_times times;
	uint64_t deadline;
	enum wait_result drained;

	/* Else the guest's processor would send the last window's frames inside this one. */
	if (quiet_await())
		return -1;
	if (faults_prepare(faults, stage->cell, window, stage->containers, &stage->ledger))
		return -1;
	if (window->stages && stage_switch_on())
		return -1;
	if (meter_begin(&meter))
		return -1;
	times.start = ledger_start(&stage->ledger, &phase, window->ms * KS_NS_PER_MS);
	faults->window_start = times.start;
	deadline = times.start + window->ms * KS_NS_PER_MS;
	if (sleep_through(stage, faults, times.start, deadline))
		return -1;
	if (faults_window_over(faults))
		return -1;
	if (window->batch)
		ledger_stop(&stage->ledger);
	times.end = end_of(stage, window, deadline, ks_now());
	if (ledger_await(&stage->ledger, times.end + QUIET_NS, NULL) == WAIT_FAILED || meter_end(&meter) ||
	    faults_settle(faults, times.end))
		return -1;
	drained = ledger_await(&stage->ledger, deadline + drain_ns(stage->cell), "window drains");
	if (drained == WAIT_FAILED || stage_switch_off())
		return -1;
	faults_report(faults, index);
	meter_report(&meter, stage->cell->id, index);
	if (report_all(stage, index, times))
		return -1;
	/* After the last window nobody needs these requesters any more: that a request never ends is in the frame, and judged. */
	if (drained == WAIT_TIMEOUT && index + 1 < stage->cell->window_count)
		return fail("window", "cell '%s', window %u: a request has not ended %llu ms after the window", stage->cell->id,
			    index, (unsigned long long)(drain_ns(stage->cell) / KS_NS_PER_MS));
	return 0;
}

int window_run(struct stage *stage, uint32_t index)
{
	struct faults faults = { 0 };
	int result = run(stage, index, &faults);

	/* Else the guest would go on with what no longer has anybody to undo it. */
	if (result)
		faults_abandon(&faults);
	return result;
}
