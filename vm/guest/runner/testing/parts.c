// SPDX-License-Identifier: MIT
/*
 * The runner's parts that need no guest, each behind a word on the command line, for parts.test.ts:
 *
 *	crc32			stdin's checksum
 *	histogram		stdin: one value a line; out: "<index> <lower bound>" each, then "<count> <min> <max> <sum>"
 *	json			stdin's bytes as a JSON text
 *	plan			stdin as a plan: "ok", or "line N: …"; and whether it is whole
 *	harm			stdin, a plan: what of it needs a machine to be thrown away, or "none"
 *	build-id		stdin: a section of ELF notes; out: its build-id
 *	answer-size SIZES	the size of an answer, for each description of stdin, one a line
 *	arrivals MS RATE	how many starts are due in a window; then when each is whose number is on a line of stdin
 *	spread PERCENT N	which of the first N requests are hits
 *	check-said		for each line of stdin, a line of ks-check: "<property> <outcome> <evidence>", or "none"
 *	stage-parts		for each line of stdin, nine points: "<part>=<ns>" each, or "out of order"
 *	answer SIZE DESCRIPTION	an answer, as hex; then what parsing stdin's bytes (if any) or itself says
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/answer.h"
#include "../../common/answer_sizes.h"
#include "../../common/arrivals.h"
#include "../../common/crc32.h"
#include "../../common/histogram.h"
#include "../../common/spread.h"
#include "../build_id.h"
#include "../check_said.h"
#include "../json.h"
#include "../plan.h"
#include "../plan_harm.h"
#include "../stage_parts.h"

static char input[PLAN_BYTES_MAX + 1];
static size_t input_size;

static void say_crc32(void)
{
	printf("%08x\n", ks_crc32(input, input_size));
}

static void say_histogram(void)
{
	static struct ks_histogram histogram;
	char *rest = input, *line;

	while ((line = strsep(&rest, "\n"))) {
		uint64_t value = strtoull(line, NULL, 10);
		size_t index = ks_histogram_index(value);

		if (!*line)
			continue;
		ks_histogram_record(&histogram, value);
		printf("%zu %" PRIu64 " %" PRIu64 "\n", index, ks_histogram_lower_bound(index), histogram.buckets[index]);
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", histogram.count, histogram.min, histogram.max,
	       histogram.sum);
}

static void say_json(void)
{
	struct json json = { 0 };

	json_object(&json, NULL);
	json_text(&json, "text", input);
	json_array(&json, "list");
	json_unsigned(&json, NULL, UINT64_MAX);
	json_signed(&json, NULL, INT64_MIN);
	json_null(&json, NULL);
	json_bool(&json, NULL, true);
	json_object(&json, NULL);
	json_object_end(&json);
	json_array_end(&json);
	json_object_end(&json);
	puts(json.text);
	json_free(&json);
}

static void say_plan(void)
{
	struct plan_error error;
	struct plan plan;

	if (plan_parse(input, &plan, &error))
		printf("line %u: %s\n", error.line, error.message);
	else
		printf("ok: boot %u, %u steps\n", plan.boot, plan.step_count);
	printf("%s\n", plan_is_whole(input) ? "whole" : "more to come");
	plan_free(&plan);
}

static void say_build_id(void)
{
	char text[BUILD_ID_TEXT_MAX];

	build_id_text(input, input_size, text);
	puts(text);
}

static void say_answer_size(const char *text)
{
	struct ks_answer_sizes sizes = { 0 };
	char *rest = input, *line;

	if (ks_answer_sizes_parse(text, &sizes)) {
		puts("no sizes");
		return;
	}
	while ((line = strsep(&rest, "\n")))
		printf("%zu\n", ks_answer_size(&sizes, line));
}

static void say_answer(size_t size, const char *description)
{
	struct ks_answerer self = { 7, 4294967295u, 4026531837u, 4026531840u, 4026531841u, 4026531836u }, parsed = { 0 };
	char payload[KS_ANSWER_MAX];

	if (ks_answer_format(payload, size, &self, description)) {
		puts("does not fit");
		return;
	}
	for (size_t i = 0; i < size; i++)
		printf("%02x", (unsigned char)payload[i]);
	if (input_size > 0) {
		memcpy(payload, input, input_size);
		size = input_size;
	}
	if (ks_answer_parse(payload, size, description, &parsed, NULL))
		puts("\nno answer");
	else
		printf("\nagent %u pid %u user %" PRIu64 " net %" PRIu64 " mnt %" PRIu64 " pid %" PRIu64 "\n", parsed.agent,
		       parsed.pid, parsed.userns, parsed.netns, parsed.mntns, parsed.pidns);
}

static void say_check_said(void)
{
	char *rest = input, *line;
	struct check_said said;

	while ((line = strsep(&rest, "\n")))
		if (check_said_parse(line, &said))
			puts("none");
		else if (said.kind == SAID_FAULT)
			printf("fault %s %u %d\n", said.name, said.hits, said.gone);
		else
			printf("%s %s %s\n", said.name, said.outcome, said.evidence);
}

static void say_stage_parts(void)
{
	char *rest = input, *line;

	while ((line = strsep(&rest, "\n")) && *line) {
		struct stage_points points;
		struct stage_parts parts;

		for (int i = 0; i < POINTS; i++)
			points.at[i] = strtoull(line, &line, 10);
		if (!stage_parts_of(&points, &parts))
			printf("out of order");
		for (int i = 0; i < PARTS; i++)
			if (parts.has[i])
				printf("%s=%" PRIu64 " ", stage_part_names[i], parts.ns[i]);
		puts("");
	}
}

static uint32_t number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

static void say_arrivals(uint32_t ms, uint32_t rate)
{
	char *rest = input, *line;

	printf("%u\n", ks_arrivals_within(ms, rate));
	while ((line = strsep(&rest, "\n")) && *line)
		printf("%" PRIu64 "\n", ks_arrival_due(0, rate, number(line)));
}

static void say_harm(void)
{
	struct plan_error error;
	struct plan plan = { 0 };
	char what[PLAN_HARM_TEXT];

	if (plan_parse(input, &plan, &error))
		printf("line %u: %s\n", error.line, error.message);
	else
		puts(plan_harms(&plan, what) ? what : "none");
	plan_free(&plan);
}

static void say_spread(uint32_t percent, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		putchar(ks_spread(i, percent) ? '1' : '0');
	puts("");
}

int main(int argc, char **argv)
{
	const char *part = argc > 1 ? argv[1] : "";

	input_size = fread(input, 1, PLAN_BYTES_MAX, stdin);
	if (strcmp(part, "crc32") == 0)
		say_crc32();
	else if (strcmp(part, "histogram") == 0)
		say_histogram();
	else if (strcmp(part, "json") == 0)
		say_json();
	else if (strcmp(part, "plan") == 0)
		say_plan();
	else if (strcmp(part, "harm") == 0)
		say_harm();
	else if (strcmp(part, "build-id") == 0)
		say_build_id();
	else if (strcmp(part, "answer-size") == 0 && argc == 3)
		say_answer_size(argv[2]);
	else if (strcmp(part, "arrivals") == 0 && argc == 4)
		say_arrivals(number(argv[2]), number(argv[3]));
	else if (strcmp(part, "spread") == 0 && argc == 4)
		say_spread(number(argv[2]), number(argv[3]));
	else if (strcmp(part, "check-said") == 0)
		say_check_said();
	else if (strcmp(part, "stage-parts") == 0)
		say_stage_parts();
	else if (strcmp(part, "answer") == 0 && argc == 4)
		say_answer(strtoul(argv[2], NULL, 10), argv[3]);
	else
		return 2;
	return 0;
}
