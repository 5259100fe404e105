// SPDX-License-Identifier: MIT
#include "depth.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written, size = (ssize_t)strlen(text);
	int error;

	if (fd < 0)
		return -1;
	written = write(fd, text, (size_t)size);
	error = errno;
	close(fd);
	errno = error;
	return written == size ? 0 : -1;
}

/* Whoever this is becomes root of a namespace of its own. Without setgroups(2), as one must be who may not call it. */
static int descend(void)
{
	char users[32], groups[32];

	snprintf(users, sizeof(users), "0 %u 1\n", geteuid());
	snprintf(groups, sizeof(groups), "0 %u 1\n", getegid());
	if (unshare(CLONE_NEWUSER))
		return -1;
	return write_file("/proc/self/setgroups", "deny") || write_file("/proc/self/uid_map", users) ||
			       write_file("/proc/self/gid_map", groups) ?
		       -1 :
		       0;
}

int depth_descend(uint32_t levels)
{
	for (uint32_t level = 1; level <= levels; level++)
		if (descend()) {
			fprintf(stderr, "ks-hammer: cannot make user namespace %u of the %u below its container's: %s%s\n", level,
				levels, strerror(errno),
				errno == ENOSPC ? " (nested too deep, or user.max_user_namespaces is reached)" : "");
			return -1;
		}
	return 0;
}
