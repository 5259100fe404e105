// SPDX-License-Identifier: MIT
#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

void become_ordinary(void)
{
	require(!setresgid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID) && !setresuid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID),
		"cannot become uid %d: %s", ORDINARY_UID, strerror(errno));
}

void become_powerless(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	require(!syscall(SYS_capset, &header, none), "capset: %s", strerror(errno));
}

void enter_user_namespace(void)
{
	require(!unshare(CLONE_NEWUSER), "unshare: %s", strerror(errno));
}

static void map_all(pid_t pid, const char *file)
{
	static const char all[] = "0 0 65536";
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	require(fd >= 0 && write(fd, all, strlen(all)) == (ssize_t)strlen(all), "cannot write %s: %s", path, strerror(errno));
	close(fd);
}

void map_all_ids(pid_t pid)
{
	map_all(pid, "uid_map");
	map_all(pid, "gid_map");
}

void become_ordinary_in_roots_namespace(void)
{
	pid_t self = getpid(), mapper;
	char said = 0;
	int made[2];

	require(!pipe(made), "pipe: %s", strerror(errno));
	mapper = fork_tied();
	if (!mapper) {
		/* Only who stayed outside may map more than one id. */
		require(read(made[0], &said, 1) == 1, "pipe: %s", strerror(errno));
		map_all_ids(self);
		_exit(0);
	}
	enter_user_namespace();
	require(write(made[1], &said, 1) == 1, "pipe: %s", strerror(errno));
	wait_killed(mapper);
	require(!prctl(PR_SET_KEEPCAPS, 1), "keepcaps: %s", strerror(errno));
	become_ordinary();
}
