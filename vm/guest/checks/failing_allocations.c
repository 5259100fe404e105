// SPDX-License-Identifier: MIT
/*
 * failing-allocations: the first allocation (or copy from user space) of a request fails, then the second of another request, and so on
 * until none is left (/proc/thread-self/fail-nth, Documentation/fault-injection). Each of these requests is served in spite of it or says what
 * it lacked, no helper of the host's is asked for what an agent should answer, and no key is left half-made.
 *
 * Only allocations of the requester's own thread fail: what others do for it (the agent, whoever executes the helper) is not touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/fail_nth.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* No request comes near it. */
#define MOST_FAULTS 500
/* With the module's timeout on top still less than the runner gives a check, so that it is the check that says what took too long. */
#define ALL_MS (60000 * slowness())
#define FOLDER "/sys/kernel/debug/"

/** What came of all these requests. */
struct told {
	int faults;		/* requests in which something was made to fail */
	int served;		/* of them */
	int refused;		/* of them: told of a want of memory, or of a copy that failed */
	int other;		/* of them: told something else */
	int other_error;	/* the first of those */
	int unhurt_error;	/* of the request in which nothing was left to fail */
};

/* ENOMEM, or EFAULT of a copy. A signal for which there is no memory is a signal too many. */
static bool says_so(int error)
{
	return error == ENOMEM || error == EFAULT || (error == EAGAIN && mechanism.delivery == DELIVERY_SIGNAL);
}

static bool ask_failing(int nth, struct told *told)
{
	char description[64];
	bool failed;
	int error;

	snprintf(description, sizeof(description), "ks:check:failing:0:%d", nth);
	fail_nth_arm(nth);
	error = ks_request_key("user", description, "ks", KEY_SPEC_PROCESS_KEYRING) < 0 ? errno : 0;
	failed = fail_nth_disarm();
	if (!failed) {
		told->unhurt_error = error;
		return false;
	}
	told->faults++;
	if (!error)
		told->served++;
	else if (says_so(error))
		told->refused++;
	else if (told->other++ == 0)
		told->other_error = error;
	return true;
}

static void ask_all(int channel, const void *argument)
{
	struct told told = { 0 };

	(void)argument;
	fail_nth_open();
	for (int nth = 1; ask_failing(nth, &told); nth++)
		require(nth < MOST_FAULTS, "a request has more than %d allocations", MOST_FAULTS);
	require(write(channel, &told, sizeof(told)) == sizeof(told), "cannot tell what came of the requests");
}

static void say(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text),
		"this kernel lets no allocation fail on demand: cannot write %s to %s: %s", text, path, strerror(errno));
	close(fd);
}

/* Also allocations that may wait, and without a word in the kernel's log. The runner undoes it after the check. */
static void let_fail(void)
{
	say(FOLDER "failslab/ignore-gfp-wait", "N");
	say(FOLDER "failslab/verbose", "0");
	say(FOLDER "fail_usercopy/verbose", "0");
}

void check_failing_allocations(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct answerer who;
	struct told told;
	struct reply next;
	struct task task;
	long helpers;
	bool settles;

	if (has_agents())
		agent_start(&container, &(struct agent_wish){ 0 });
	let_fail();
	helpers = counter("helper_execs");
	task = place_start(&container, ask_all, NULL, 0);
	require(task_tells(&task, &told, sizeof(told), ALL_MS + (int)mechanism.timeout_ms), "not all requests have ended after %d ms",
		ALL_MS + (int)mechanism.timeout_ms);
	task_end(&task);
	helpers = counter("helper_execs") - helpers;
	settles = key_quota_settles(PLACE_FIRST_ID);
	next = ask_and_wait(&container, "user", "ks:check:after:0:0");
	decide(told.faults > 0 && told.other == 0 && !told.unhurt_error, "want-of-memory-is-told",
	       "in %d requests an allocation or a copy failed: %d were served, %d told of it, %d told something else (%s); one in which nothing failed: %s",
	       told.faults, told.served, told.refused, told.other, error_text(told.other_error), error_text(told.unhurt_error));
	if (has_agents())
		decide(helpers == 0, "want-of-memory-asks-no-helper", "of these %d requests the host's helper was asked %ld times", told.faults,
		       helpers);
	else
		not_applicable("want-of-memory-asks-no-helper", "it is the helper that answers");
	decide(settles, "want-of-memory-leaves-no-key", "after %d such requests %ld keys of their user are under construction", told.faults,
	       key_quota_of(PLACE_FIRST_ID).unfinished);
	fault_was("failing-allocation", told.faults, reply_answerer(&next, &who));
}
