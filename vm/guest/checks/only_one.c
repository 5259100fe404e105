// SPDX-License-Identifier: MIT
#include "only_one.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

#define LOOK_MS 50

const struct only_one only_one_user = { "max_user_namespaces", CLONE_NEWUSER };
const struct only_one only_one_net = { "max_net_namespaces", CLONE_NEWNET };

struct limit {
	struct only_one kind;
	char text[8];
};

static void set_limit(int channel, const void *argument)
{
	const struct limit *limit = argument;
	size_t size = strlen(limit->text);
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/user/%s", limit->kind.limit);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	require(fd >= 0 && write(fd, limit->text, size) == (ssize_t)size, "cannot write %s: %s", path, strerror(errno));
	task_done(channel);
}

void only_one_allow(const struct place *place, const struct only_one *kind)
{
	struct limit limit = { *kind, "1" };

	place_do(place, set_limit, &limit, sizeof(limit));
}

void only_one_lift(const struct place *place, const struct only_one *kind)
{
	struct limit limit = { *kind, "1000" };

	place_do(place, set_limit, &limit, sizeof(limit));
}

static void make(int channel, const void *argument)
{
	const struct only_one *kind = argument;
	int error = unshare(kind->flag) ? errno : 0;

	require(write(channel, &error, sizeof(error)) == sizeof(error), "cannot report");
}

int only_one_more(const struct place *place, const struct only_one *kind)
{
	struct task task = place_start(place, make, kind, sizeof(*kind));
	int error;

	require(task_tells(&task, &error, sizeof(error), PATIENCE_MS), "nobody said whether a namespace could be made");
	task_end(&task);
	return error;
}

bool only_one_ends(const struct place *place, const struct only_one *kind, int64_t deadline)
{
	while (only_one_more(place, kind)) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
	}
	return true;
}
