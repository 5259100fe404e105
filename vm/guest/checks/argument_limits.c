// SPDX-License-Identifier: MIT
/*
 * argument-limits: the longest callout information that request_key(2) takes is served, and what is beyond its limits is refused
 * with the error of the manual page before anybody is asked.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

#define CALLOUT_MAX 4095

struct arguments {
	const char *what;
	char type[16];
	size_t callout;	/* length */
	int expected;
};

static const struct arguments bad[] = {
	{ "4,096 bytes of callout information", "user", CALLOUT_MAX + 1, EINVAL },
	{ "a type of the kernel's own", ".user", 2, EPERM },
	{ "a type that there is not", "ks-unknown", 2, ENOKEY },
};

#define BAD (sizeof(bad) / sizeof(bad[0]))

static void ask_with(int channel, const void *argument)
{
	const struct arguments *arguments = argument;
	char callout[CALLOUT_MAX + 2] = "";
	struct reply reply = { 0 };
	int64_t start = now_ms();

	memset(callout, 'k', arguments->callout);
	reply.key = ks_request_key(arguments->type, "ks:check:limits:0:0", callout, KEY_SPEC_PROCESS_KEYRING);
	reply.error = reply.key < 0 ? errno : 0;
	reply.ms = now_ms() - start;
	if (reply.key > 0)
		reply.size = ks_key_read(reply.key, reply.payload, sizeof(reply.payload) - 1);
	require(write(channel, &reply, sizeof(reply)) == sizeof(reply), "cannot tell what came of a request");
}

static struct reply reply_with(const struct place *place, const struct arguments *arguments)
{
	struct task task = place_start(place, ask_with, arguments, sizeof(*arguments));

	return reply_within(&task, PATIENCE_MS + (int)mechanism.timeout_ms);
}

/* By whatever is asked on this mechanism. */
static long upcalls(void)
{
	return counter("helper_execs") + counter("notified_signal") + counter("notified_fd_write") + counter("notified_fd_keyctl") +
	       counter("fallback_refused");
}

static bool is_answered(const struct reply *reply)
{
	struct answerer who;

	return reply_answerer(reply, &who);
}

void check_argument_limits(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct reply longest, replies[BAD], next;
	long before, exact = 0;

	if (has_agents())
		agent_start(&container, &(struct agent_wish){ 0 });
	longest = reply_with(&container, &(struct arguments){ .type = "user", .callout = CALLOUT_MAX });
	decide(is_answered(&longest), "longest-callout-served", "%d bytes of callout information: %s", CALLOUT_MAX, reply_text(&longest));
	before = upcalls();
	for (size_t i = 0; i < BAD; i++) {
		replies[i] = reply_with(&container, &bad[i]);
		exact += replies[i].error == bad[i].expected;
	}
	decide(exact == BAD && upcalls() == before, "bad-arguments-refused", "%s: %s; %s: %s; %s: %s; %ld upcalls were made of them",
	       bad[0].what, reply_text(&replies[0]), bad[1].what, reply_text(&replies[1]), bad[2].what, reply_text(&replies[2]), upcalls() - before);
	next = reply_with(&container, &(struct arguments){ .type = "user", .callout = 2 });
	fault_was("arguments-out-of-range", exact, is_answered(&next));
}
