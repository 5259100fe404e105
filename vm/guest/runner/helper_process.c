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

/* Whether it is a helper, and whom it serves. */
static bool serves(pid_t pid, unsigned long *uid)
{
	char path[32], cmdline[CMDLINE_MAX + 1];
	const char *operation, *uid_text;
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
	*uid = strtoul(uid_text, NULL, 10);
	return true;
}

static struct helper_hunt *hunt_for(struct helper_hunt *hunts, uint32_t count, unsigned long uid)
{
	for (uint32_t i = 0; i < count; i++)
		if (uid >= hunts[i].uid_first && uid < hunts[i].uid_end)
			return &hunts[i];
	return NULL;
}

/* The descriptor is taken before the look, so that the process looked at is the process killed. */
static void kill_if_serving(struct helper_hunt *hunts, uint32_t count, pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct helper_hunt *hunt;
	unsigned long uid;

	if (pidfd < 0)
		return;
	if (serves(pid, &uid) && (hunt = hunt_for(hunts, count, uid))) {
		uint64_t before = ks_now();

		if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0 && hunt->count++ == 0) {
			hunt->pid = pid;
			hunt->before = before;
			hunt->after = ks_now();
		}
		/* It dies when it is its turn to run: until then it would be seen, and counted, again. */
		remember(pid);
	}
	close(pidfd);
}

void helper_process_kill_all(void)
{
	struct helper_hunt all = { .uid_end = UINT32_MAX };
	DIR *proc = opendir("/proc");
	pid_t pid;

	known_count = 0;
	while (proc && (pid = next_pid(proc)))
		kill_if_serving(&all, 1, pid);
	if (proc)
		closedir(proc);
}

void helper_process_hunt(struct helper_hunt *hunts, uint32_t count, uint64_t until)
{
	struct timespec pause = ks_timespec(SEARCH_PAUSE_US * KS_NS_PER_US);
	DIR *proc = opendir("/proc");
	pid_t pid;

	while (proc && ks_now() < until) {
		rewinddir(proc);
		while ((pid = next_pid(proc)))
			if (!is_known(pid))
				kill_if_serving(hunts, count, pid);
		nanosleep(&pause, NULL);
	}
	if (proc)
		closedir(proc);
}
