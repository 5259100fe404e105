// SPDX-License-Identifier: MIT
#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/clock.h"
#include "failure.h"
#include "plan.h"

/* From the runner's start to the plan's last line. */
#define PLAN_MS 60000

/* One read's worth. Returns the bytes read, 0 at the end of the input, -1 with a failure. */
static ssize_t read_some(char *at, size_t room, uint64_t until)
{
	for (;;) {
		struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
		uint64_t now = ks_now();
		int ready = now < until ? poll(&in, 1, (int)((until - now) / KS_NS_PER_MS) + 1) : 0;
		ssize_t size;

		if (ready == 0)
			return fail_with(RUNNER_REFUSED, "plan", "it did not arrive within %d ms", PLAN_MS);
		size = ready > 0 ? read(STDIN_FILENO, at, room) : -1;
		if (size >= 0)
			return size;
		if (errno != EINTR)
			return fail_with(RUNNER_REFUSED, "plan", "cannot read stdin: %s", strerror(errno));
	}
}

char *reader_take_plan(void)
{
	char *text = malloc(PLAN_BYTES_MAX + 1);
	uint64_t until = ks_now() + PLAN_MS * KS_NS_PER_MS;
	size_t used = 0;
	ssize_t size = 1;

	if (!text) {
		fail("plan", "out of memory for its text");
		return NULL;
	}
	text[0] = '\0';
	while (size > 0 && !plan_is_whole(text)) {
		size = used < PLAN_BYTES_MAX ? read_some(text + used, PLAN_BYTES_MAX - used, until) :
					       fail_with(RUNNER_REFUSED, "plan", "it is longer than %d bytes", PLAN_BYTES_MAX);
		if (size > 0 && memchr(text + used, '\0', (size_t)size))
			size = fail_with(RUNNER_REFUSED, "plan", "it contains a NUL byte");
		used += size > 0 ? (size_t)size : 0;
		text[used] = '\0';
	}
	if (size >= 0)
		return text;
	free(text);
	return NULL;
}
