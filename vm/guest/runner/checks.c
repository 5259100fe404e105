// SPDX-License-Identifier: MIT
#include "checks.h"

#include <stdio.h>
#include <string.h>

#include "bundle.h"
#include "check_process.h"
#include "check_said.h"
#include "counters.h"
#include "events.h"
#include "failure.h"
#include "frame.h"
#include "helper.h"
#include "kernel_settings.h"
#include "keyusers.h"
#include "kmsg.h"
#include "module.h"
#include "resolver.h"

/* Standard error in one line, as much of it as evidence needs. */
static void flatten(char *text)
{
	size_t size = strlen(text);

	while (size > 0 && text[size - 1] == '\n')
		text[--size] = '\0';
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ';';
}

static void emit(const char *block, const char *check, const struct check_said *said, uint64_t mono)
{
	bool fault = said->kind == SAID_FAULT;
	struct json *json = frame_begin(fault ? "check-fault" : "check");

	json_text(json, "cell", block);
	json_text(json, "check", check);
	json_text(json, fault ? "fault" : "property", said->name);
	if (fault) {
		json_unsigned(json, "hits", said->hits);
		json_bool(json, "gone", said->gone);
	} else {
		json_text(json, "outcome", said->outcome);
		json_text(json, "evidence", said->evidence);
	}
	json_unsigned(json, "mono", mono);
	frame_end();
}

/* Takes all that a check wrote apart. Returns a line that says nothing known, or NULL; `count` is how many say a property. */
static const char *emit_all(const char *block, const char *check, char *text, uint64_t mono, int *count)
{
	const char *stray = NULL;
	struct check_said said;
	char *rest = text, *line;

	*count = 0;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (check_said_parse(line, &said)) {
			stray = line;
			continue;
		}
		emit(block, check, &said, mono);
		if (said.kind == SAID_PROPERTY)
			(*count)++;
	}
	return stray;
}

/* A check that cannot decide says so by how it ends: that is a property of its own name. */
static void report(const struct plan_checks *checks, const char *name, struct check_result *result)
{
	struct check_said own = { .kind = SAID_PROPERTY, .outcome = "unknown" };
	int count;
	const char *stray = emit_all(checks->id, name, result->output, result->ended_at, &count);

	if (!*result->problem && !stray && count > 0)
		return;
	flatten(result->errors);
	snprintf(own.name, sizeof(own.name), "%s", name);
	if (*result->problem)
		snprintf(own.evidence, sizeof(own.evidence), "the check could not decide (%s): %.900s", result->problem,
			 *result->errors ? result->errors : "it says nothing on standard error");
	else if (stray)
		snprintf(own.evidence, sizeof(own.evidence), "the check said what is neither property nor fault: %.900s", stray);
	else
		snprintf(own.evidence, sizeof(own.evidence), "the check said nothing. %.900s", result->errors);
	emit(checks->id, name, &own, result->ended_at);
}

static int run_one(const struct plan_checks *checks, const char *name, struct counters *sum)
{
	static struct counters before, after;
	static struct check_result result;
	int failed;

	/* One that a killed runner left is no check's. */
	if (resolver_restore() || kernel_settings_save() || counters_read(&before) || helper_install(&checks->mechanism) ||
	    module_configure(&checks->mechanism))
		return -1;
	failed = check_process_run(name, &checks->mechanism, &result);
	if (!failed)
		report(checks, name, &result);
	if (resolver_restore() || kernel_settings_restore() || module_switch_off() || helper_restore() || counters_read(&after))
		return -1;
	counters_add(sum, &before, &after);
	kmsg_emit_news(checks->id);
	/* What it registered, and whatever else it left, ends with the module. */
	return module_reload() ? -1 : failed;
}

static void report_counters(const struct plan_checks *checks, const struct counters *sum)
{
	static const char *const requests[] = { "upcalls_ok", "upcalls_failed", "hits", "rounds" };
	static const struct counters none;
	struct json *json = frame_begin("counters");

	json_text(json, "cell", checks->id);
	counters_write_delta(json, "delta", &none, sum);
	/* Those of checks are nobody's measurement. */
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		json_unsigned(json, requests[i], 0);
	frame_end();
}

int checks_run(const struct plan_checks *checks)
{
	static struct counters sum;
	int result = 0;

	sum.count = 0;
	for (uint32_t i = 0; i < checks->count && !result; i++)
		result = run_one(checks, checks->names[i], &sum);
	if (!result) {
		report_counters(checks, &sum);
		keyusers_emit(checks->id, CONTAINER_UID_FIRST, UINT32_MAX);
	}
	kmsg_emit(checks->id);
	return result || failure.failed ? -1 : 0;
}
