// SPDX-License-Identifier: MIT
/*
 * Answers without a guest, for answers.test.ts:
 *
 *	answers stamp SIZE DESCRIPTION WOKE ASSUMED ANSWERING	writes an answer with stamps, then what is read from it
 *	answers read DESCRIPTION				what is read from the answer on standard input
 *	answers program CALLOUT					what a key of type usermode_helper would hold, or "error <errno>"
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../answer.h"
#include "../program.h"

static int say(const char *payload, size_t size, const char *description)
{
	struct ks_answer_stages stages;
	struct ks_answerer answerer;

	if (ks_answer_parse(payload, size, description, &answerer, &stages))
		return puts("no answer") < 0;
	printf("agent %u woke %" PRIu64 " assumed %" PRIu64 " answering %" PRIu64 " without %s\n", answerer.agent, stages.woke,
	       stages.assumed, stages.answering,
	       ks_answer_parse(payload, size, description, &answerer, NULL) ? "no" : "yes");
	return 0;
}

static int stamp(size_t size, const char *description, const struct ks_answer_stages *stages)
{
	const struct ks_answerer self = { 7, 4711, 4026531837u, 4026531840u, 4026531841u, 4026531836u };
	char payload[KS_ANSWER_MAX];

	if (ks_answer_format(payload, size, &self, description) || ks_answer_stamp(payload, size, stages))
		return puts("does not fit") < 0;
	puts(payload);
	return say(payload, size, description);
}

int main(int argc, char **argv)
{
	char bytes[KS_ANSWER_MAX];

	if (argc == 7 && strcmp(argv[1], "stamp") == 0)
		return stamp(strtoul(argv[2], NULL, 10), argv[3],
			     &(struct ks_answer_stages){ strtoull(argv[4], NULL, 10), strtoull(argv[5], NULL, 10),
							 strtoull(argv[6], NULL, 10) });
	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return say(bytes, fread(bytes, 1, sizeof(bytes), stdin), argv[2]);
	if (argc == 3 && strcmp(argv[1], "program") == 0) {
		char payload[KS_PROGRAM_PAYLOAD_MAX];
		long size = ks_program_answer(argv[2], geteuid(), getegid(), payload);

		if (size < 0)
			return printf("error %ld\n", -size) < 0;
		return fwrite(payload, 1, (size_t)size, stdout) != (size_t)size;
	}
	return 2;
}
