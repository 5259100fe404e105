// SPDX-License-Identifier: MIT
/*
 * Keys of type "usermode_helper": executes the program that the callout names, in the namespaces of this agent, as the
 * user who asks, and answers "exit=<status>\n" or "signal=<number>\n", and what the program wrote.
 */
#include "agent.h"
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX 32
#define CALLOUT_MAX 4096
/* An agent's is the bound of the request as well: it should be the shorter. */
#define PROGRAM_MS 20000

/* Words are separated by spaces, and there is no quoting. */
static int split(char *text, char *argv[WORDS_MAX + 1])
{
	char *word;
	int count = 0;

	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (count == WORDS_MAX)
			return -E2BIG;
		argv[count++] = word;
	}
	argv[count] = NULL;
	return count > 0 && argv[0][0] == '/' ? 0 : -EINVAL;
}

static void make(const struct ks_agent *agent, struct ks_question *question, struct ks_reply *reply)
{
	char *argv[WORDS_MAX + 1], callout[CALLOUT_MAX], outcome[32];
	struct program_end end;
	size_t length;
	int problem;

	(void)agent;
	if (strlen(question->callout) >= sizeof(callout)) {
		ks_reply_reject(reply, E2BIG);
		return;
	}
	strcpy(callout, question->callout);
	problem = split(callout, argv);
	if (!problem)
		problem = program_run(argv, question->uid, question->gid, PROGRAM_MS, &end);
	if (problem) {
		ks_reply_reject(reply, -problem);
		return;
	}
	snprintf(outcome, sizeof(outcome), "%s=%d\n", end.signal ? "signal" : "exit", end.signal ? end.signal : end.status);
	length = strlen(outcome);
	memcpy(reply->bytes, outcome, length);
	memcpy(reply->bytes + length, end.output, end.size);
	reply->size = length + end.size;
}

const struct ks_agent_answer ks_answer_usermode_helper = { "usermode_helper", true, true, make };
