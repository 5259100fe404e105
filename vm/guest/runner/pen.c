// SPDX-License-Identifier: MIT
#include "pen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"
#include "files.h"

#define GROUPS "/sys/fs/cgroup"
#define PEN GROUPS "/keystorm-check"
/* From SIGKILL until the last has gone. */
#define EMPTY_MS (10000 * slowness())
#define EMPTY_LOOK_AGAIN_MS 20

static char home[256];

static int move_to(const char *group)
{
	char path[sizeof(home) + 64];

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	/* 0 is whoever writes it. */
	return file_write(path, "0") ? fail("checks", "cannot write %s: %s", path, strerror(errno)) : 0;
}

int pen_enter(void)
{
	char own[200];
	const char *path;

	if (file_read("/proc/self/cgroup", own, sizeof(own)) || !(path = strstr(own, "0::/")))
		return fail("checks", "this guest has no cgroup2 hierarchy to put a check into");
	snprintf(home, sizeof(home), GROUPS "%s", path + strlen("0::"));
	home[strcspn(home, "\n")] = '\0';
	if (mkdir(PEN, 0755) && errno != EEXIST)
		return fail("checks", "cannot make " PEN ": %s", strerror(errno));
	return move_to(PEN);
}

int pen_leave(void)
{
	return move_to(home);
}

static bool is_empty(void)
{
	char events[256];

	return file_read(PEN "/cgroup.events", events, sizeof(events)) || strstr(events, "populated 0");
}

int pen_kill(void)
{
	if (file_write(PEN "/cgroup.kill", "1"))
		return fail("checks", "cannot kill what is left of a check: %s", strerror(errno));
	return 0;
}

int pen_clear(void (*unblock)(void))
{
	uint64_t until = ks_now() + (uint64_t)EMPTY_MS * KS_NS_PER_MS;

	/* It can be removed a moment after its last process has gone. */
	while (!is_empty() || (rmdir(PEN) && errno != ENOENT)) {
		if (ks_now() >= until)
			return fail("checks", "a process of a check is still there %d ms after SIGKILL", EMPTY_MS);
		unblock();
		if (events_wait(ks_now() + EMPTY_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, "check ends") == WAIT_FAILED)
			events_finish();
	}
	return 0;
}
