// SPDX-License-Identifier: MIT
#include "helper_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../common/clock.h"

/* Between looks the guest's only processor belongs to the load. */
#define SEARCH_PAUSE_US 500
#define KNOWN_MAX 4096
#define CMDLINE_MAX 512
/* <program> create <key> <uid> …, both of keyutils' request-key and of ks-answer */
#define ARGUMENT_OPERATION 1
#define ARGUMENT_UID 3

static pid_t known[KNOWN_MAX];
static int known_count;

static void remember(pid_t pid)
{
	if (known_count < KNOWN_MAX)
		known[known_count++] = pid;
}

static bool is_known(pid_t pid)
{
	for (int i = 0; i < known_count; i++)
		if (known[i] == pid)
			return true;
	return false;
}

static pid_t next_pid(DIR *proc)
{
	struct dirent *entry;

	while ((entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			return (pid_t)strtol(entry->d_name, NULL, 10);
	return 0;
}

void helper_process_snapshot(void)
{
	DIR *proc = opendir("/proc");
	pid_t pid;

	known_count = 0;
	if (!proc)
		return;
	while ((pid = next_pid(proc)))
		remember(pid);
	closedir(proc);
}

static const char *argument(const char *cmdline, size_t size, int index)
{
	const char *p = cmdline, *end = cmdline + size;

	while (index-- > 0) {
		p = memchr(p, '\0', (size_t)(end - p));
		if (!p || ++p == end)
			return NULL;
	}
	return p;
}

static bool serves(pid_t pid, uint32_t uid_first, uint32_t uid_end)
{
	char path[32], cmdline[CMDLINE_MAX + 1];
	const char *operation, *uid_text;
	unsigned long uid;
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, cmdline, CMDLINE_MAX);
	close(fd);
	if (size <= 0)
		return false;
	cmdline[size] = '\0';
	operation = argument(cmdline, (size_t)size, ARGUMENT_OPERATION);
	uid_text = argument(cmdline, (size_t)size, ARGUMENT_UID);
	if (!operation || !uid_text || strcmp(operation, "create") != 0)
		return false;
	uid = strtoul(uid_text, NULL, 10);
	return uid >= uid_first && uid < uid_end;
}

/* The descriptor is taken before the look, so that the process looked at is the process killed. */
static void kill_if_serving(struct helper_hits *hits, pid_t pid, uint32_t uid_first, uint32_t uid_end)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	uint64_t before;

	if (pidfd < 0)
		return;
	if (serves(pid, uid_first, uid_end)) {
		before = ks_now();
		if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0 && hits->count++ == 0)
			*hits = (struct helper_hits){ .count = 1, .pid = pid, .before = before, .after = ks_now() };
		/* It dies when it is its turn to run: until then it would be seen, and counted, again. */
		remember(pid);
	}
	close(pidfd);
}

void helper_process_kill_all(void)
{
	struct helper_hits hits = { 0 };
	DIR *proc = opendir("/proc");
	pid_t pid;

	known_count = 0;
	while (proc && (pid = next_pid(proc)))
		kill_if_serving(&hits, pid, 0, UINT32_MAX);
	if (proc)
		closedir(proc);
}

struct helper_hits helper_process_kill_until(uint64_t until, uint32_t uid_first, uint32_t uid_end)
{
	struct timespec pause = ks_timespec(SEARCH_PAUSE_US * KS_NS_PER_US);
	struct helper_hits hits = { .before = ks_now() };
	DIR *proc = opendir("/proc");
	pid_t pid;

	while (proc && ks_now() < until) {
		rewinddir(proc);
		while ((pid = next_pid(proc)))
			if (!is_known(pid))
				kill_if_serving(&hits, pid, uid_first, uid_end);
		nanosleep(&pause, NULL);
	}
	if (proc)
		closedir(proc);
	if (hits.count == 0)
		hits.after = ks_now();
	return hits;
}
