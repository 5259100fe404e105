// SPDX-License-Identifier: MIT
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../module/selftest/harness.h"

#define PATH_SIZE 64

static void path_of(char path[PATH_SIZE], pid_t pid, const char *kind)
{
	if (pid)
		snprintf(path, PATH_SIZE, "/proc/%d/ns/%s", pid, kind);
	else
		snprintf(path, PATH_SIZE, "/proc/self/ns/%s", kind);
}

static uint64_t inode(pid_t pid, const char *kind)
{
	char path[PATH_SIZE];
	struct stat status;

	path_of(path, pid, kind);
	require(!stat(path, &status), "cannot see %s: %s", path, strerror(errno));
	return status.st_ino;
}

struct inodes inodes_of(pid_t pid)
{
	return (struct inodes){
		.user = inode(pid, "user"), .net = inode(pid, "net"), .mnt = inode(pid, "mnt"), .pid = inode(pid, "pid"),
		.uts = inode(pid, "uts"),   .ipc = inode(pid, "ipc"), .cgroup = inode(pid, "cgroup"),
	};
}

int namespace_open(pid_t pid, const char *kind)
{
	char path[PATH_SIZE];
	int fd;

	path_of(path, pid, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	require(fd >= 0, "cannot open %s: %s", path, strerror(errno));
	return fd;
}
