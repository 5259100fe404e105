// SPDX-License-Identifier: MIT
#include "cell.h"

#include "../common/clock.h"
#include "../common/slowness.h"
#include "bundle.h"
#include "counters.h"
#include "events.h"
#include "failure.h"
#include "frame.h"
#include "group.h"
#include "helper.h"
#include "keyusers.h"
#include "kmsg.h"
#include "module.h"
#include "shared_agent.h"
#include "window.h"

/* From the command to start requesters until the last of them has said it is there. */
#define REQUESTERS_START_MS (60000 * slowness())
/* Each wait has a bound; this one is taken up again. */
#define HOLD_MS 60000

static struct container containers[PLAN_CONTAINERS_MAX];
static uint32_t container_count;

static void report_cell(const struct plan_cell *cell)
{
	struct json *json = frame_begin("cell");

	json_text(json, "id", cell->id);
	json_text(json, "mechanism", cell->mechanism.name);
	json_unsigned(json, "mono", ks_now());
	json_array(json, "containers");
	for (uint32_t i = 0; i < container_count; i++) {
		json_object(json, NULL);
		json_text(json, "name", containers[i].plan->name);
		json_text(json, "runtime", "crun");
		json_unsigned(json, "start_ns", containers[i].start_ns);
		json_unsigned(json, "uid", container_uid(i));
		namespaces_write(json, "ns", &containers[i].namespaces);
		json_object_end(json);
	}
	json_array_end(json);
	frame_end();
}

static int start_containers(const struct plan_cell *cell)
{
	for (uint32_t i = 0; i < cell->container_count; i++) {
		/* Counted first: also one that failed half-way is to be stopped. */
		container_count = i + 1;
		if (container_start(&containers[i], cell, i))
			return -1;
	}
	report_cell(cell);
	return 0;
}

static int start_agents(const struct plan_cell *cell)
{
	for (uint32_t i = 0; i < container_count; i++)
		if (containers[i].plan->agent == AGENT_OWN) {
			if (agent_start(containers[i].agents, cell, false) || agent_await(containers[i].agents))
				return -1;
			agent_report(&containers[i], cell);
		}
	return shared_agent_start(cell, containers, container_count);
}

static int start_requesters(struct stage *stage)
{
	for (uint32_t i = 0; i < container_count; i++)
		if (container_start_requesters(&containers[i], stage->cell, &stage->ledger))
			return -1;
	switch (ledger_await(&stage->ledger, ks_now() + REQUESTERS_START_MS * KS_NS_PER_MS, "requesters start")) {
	case WAIT_DONE:
		return 0;
	case WAIT_TIMEOUT:
		return fail("requester", "cell '%s': %u of its requesters were not there after %d ms", stage->cell->id,
			    ledger_awake(&stage->ledger), REQUESTERS_START_MS);
	case WAIT_FAILED:
		break;
	}
	return -1;
}

/* There is no end to wait for: whoever uses what is held says when. Beats of this phase say that all is up. */
static int hold(void)
{
	/* By whoever explores. */
	for (uint32_t i = 0; i < container_count; i++)
		if (containers[i].agents)
			containers[i].agents->may_be_killed = true;
	while (events_wait(ks_now() + HOLD_MS * KS_NS_PER_MS, NULL, NULL, "hold") != WAIT_FAILED)
		;
	return -1;
}

static int load(struct stage *stage)
{
	if (start_containers(stage->cell) || start_agents(stage->cell))
		return -1;
	if (stage->cell->hold)
		return hold();
	if (start_requesters(stage) || warmup_run(stage))
		return -1;
	for (uint32_t i = 0; i < stage->cell->window_count; i++) {
		if (window_run(stage, i))
			return -1;
		kmsg_emit_news(stage->cell->id);
	}
	return 0;
}

static int stop_containers(void)
{
	int result = 0;

	for (uint32_t i = 0; i < container_count; i++)
		if (container_stop(&containers[i]))
			result = -1;
	container_count = 0;
	if (shared_agent_stop())
		result = -1;
	return groups_remove() ? -1 : result;
}

static void report_counters(const struct stage *stage, const struct counters *before, const struct counters *after)
{
	struct json *json = frame_begin("counters");

	json_text(json, "cell", stage->cell->id);
	counters_write_delta(json, "delta", before, after);
	ledger_write_requests(&stage->ledger, json);
	frame_end();
}

int cell_run(const struct plan_cell *cell, uint64_t init_userns)
{
	static struct counters before, after;
	struct stage stage = { .cell = cell, .containers = containers };
	int result;

	if (counters_read(&before) || helper_install(&cell->mechanism) || helper_set_sizes(cell) || module_configure(&cell->mechanism) ||
	    module_path_instructions(cell->path_instructions))
		return -1;
	result = ledger_open(&stage.ledger, cell, init_userns) ? -1 : load(&stage);
	if (result && stage.ledger.shared)
		ledger_stop(&stage.ledger);
	if (stop_containers() || module_switch_off() || helper_restore())
		result = -1;
	if (!result && counters_read(&after))
		result = -1;
	if (!result) {
		report_counters(&stage, &before, &after);
		keyusers_emit(cell->id, container_uid(0), container_uid(cell->container_count));
	}
	ledger_close(&stage.ledger);
	kmsg_emit(cell->id);
	return result || failure.failed ? -1 : 0;
}
