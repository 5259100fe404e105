// SPDX-License-Identifier: MIT
/*
 * ks-runner: reads one plan from stdin, does what it says, writes frames to stdout (docs/guest-protocol.md). Whatever
 * happens, it leaves the guest as it found it: no container, no module, the image's own helper in its place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/unlock.h"
#include "cell.h"
#include "checks.h"
#include "events.h"
#include "failure.h"
#include "floor.h"
#include "frame.h"
#include "hello.h"
#include "helper.h"
#include "kmsg.h"
#include "module.h"
#include "plan_harm.h"
#include "reader.h"
#include "workplace.h"

static int take_plan(struct plan *plan)
{
	struct plan_error error;
	char where[32], *text = reader_take_plan();
	int result;

	if (!text)
		return -1;
	result = plan_parse(text, plan, &error);
	free(text);
	snprintf(where, sizeof(where), "plan line %u", error.line);
	return result ? fail_with(RUNNER_REFUSED, where, "line %u: %s", error.line, error.message) : 0;
}

/* A machine that somebody has unlocked is still not ours alone. */
static int demand_harmless(const struct plan *plan)
{
	char what[PLAN_HARM_TEXT];

	if (hello_is_disposable() || !plan_harms(plan, what))
		return 0;
	return fail_with(RUNNER_REFUSED, "plan", "%s, and this machine is not disposable", what);
}

static int run_step(const struct plan_step *step, uint64_t init_userns)
{
	if (step->cell)
		return cell_run(step->cell, init_userns);
	return step->checks ? checks_run(step->checks) : floor_run(step->floor, step->iterations);
}

static int run_steps(const struct plan *plan, uint64_t init_userns)
{
	for (uint32_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *step = &plan->steps[i];

		if (events_check())
			return -1;
		if (run_step(step, init_userns))
			return -1;
		kmsg_emit_news(NULL);
	}
	return 0;
}

static int run_plan(const struct plan *plan)
{
	struct namespaces init_namespaces;

	if (events_begin() || kmsg_begin())
		return -1;
	/* pid 1 is in the init namespaces wherever the runner itself was started. */
	if (namespaces_of(1, &init_namespaces))
		return fail("hello", "cannot see the namespaces of process 1: %s", strerror(errno));
	if (workplace_begin())
		return -1;
	if (!helper_recover() && !module_load() && !hello_emit(plan->boot, &init_namespaces))
		run_steps(plan, init_namespaces.inode[NAMESPACE_USER]);
	if (failure.failed)
		events_finish();
	helper_restore();
	module_unload();
	kmsg_emit(NULL);
	workplace_end();
	return failure.failed ? -1 : 0;
}

static void say_failure(void)
{
	struct json *json = frame_begin("error");

	json_text(json, "where", failure.where);
	json_text(json, "message", failure.message);
	frame_end();
}

static void say_done(void)
{
	struct json *json = frame_begin("done");

	json_unsigned(json, "mono", ks_now());
	frame_end();
}

int main(void)
{
	struct plan plan = { 0 };

	if (!hello_is_disposable() && !*ks_unlock())
		fail_with(RUNNER_REFUSED, "runner",
			  "this machine is not disposable: its kernel command line lacks keystorm.disposable=1, and "
			  KS_UNLOCK_FILE " does not unlock this boot");
	else if (!take_plan(&plan) && !demand_harmless(&plan))
		run_plan(&plan);
	plan_free(&plan);
	if (failure.failed)
		say_failure();
	else
		say_done();
	return (int)failure.exit;
}
