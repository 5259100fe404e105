// SPDX-License-Identifier: MIT
#include "group.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"
#include "files.h"

#define ROOT "/sys/fs/cgroup"
#define PATH_SIZE 128
#define TEXT_SIZE 1024
/* As a task of its own would have. */
#define WEIGHT_OF_TASK 100
#define WEIGHT_MAX 10000
/* From the end of the last process until its group can go. */
#define EMPTY_MS (10000 * slowness())
#define EMPTY_LOOK_AGAIN_MS 20

static const char *const parts[] = { [GROUP_WHOLE] = "", [GROUP_AGENT] = "/agent", [GROUP_REST] = "/rest" };
static bool made[PLAN_CONTAINERS_MAX];

static void path_of(char *path, uint32_t container, enum group_part part, const char *file)
{
	snprintf(path, PATH_SIZE, ROOT "/keystorm-c%u%s%s%s", container, parts[part], *file ? "/" : "", file);
}

int group_write(const struct container *container, enum group_part part, const char *file, const char *text)
{
	char path[PATH_SIZE];

	path_of(path, container->index, part, file);
	return file_write(path, text);
}

int group_read(const struct container *container, enum group_part part, const char *file, char *text, size_t size)
{
	char path[PATH_SIZE];

	path_of(path, container->index, part, file);
	return file_read(path, text, size);
}

bool group_holds(const struct container *container, enum group_part part, const char *file, const char *text)
{
	char held[64];

	return !group_read(container, part, file, held, sizeof(held)) && strcmp(held, text) == 0;
}

uint64_t group_count(const struct container *container, enum group_part part, const char *file, const char *name)
{
	char text[TEXT_SIZE], *rest = text, *line;
	size_t length = strlen(name);

	if (group_read(container, part, file, text, sizeof(text)))
		return 0;
	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, name, length) == 0 && line[length] == ' ')
			return strtoull(line + length, NULL, 10);
	return 0;
}

static bool complain(const char *what)
{
	fprintf(stderr, "ks-runner: control groups for a fault: %s: %s\n", what, strerror(errno));
	return false;
}

static bool make(const struct container *container)
{
	char path[PATH_SIZE];

	if (file_write(ROOT "/cgroup.subtree_control", "+cpu +memory +pids"))
		return complain("controllers cpu, memory and pids");
	for (enum group_part part = GROUP_WHOLE; part <= GROUP_REST; part++) {
		path_of(path, container->index, part, "");
		if (mkdir(path, 0755) && errno != EEXIST)
			return complain(path);
		if (part == GROUP_WHOLE && group_write(container, part, "cgroup.subtree_control", "+cpu"))
			return complain(path);
	}
	return true;
}

static bool move(const struct container *container, pid_t pid, enum group_part part)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return !group_write(container, part, "cgroup.procs", text);
}

static bool is_in(const struct container *container, pid_t pid)
{
	char path[32];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	return !stat(path, &status) && status.st_ino == container->namespaces.inode[NAMESPACE_PID];
}

/* Those in its pid namespace. How many, or -1. */
static int move_all(const struct container *container)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_in(container, pid) && move(container, pid, GROUP_REST))
			count++;
	}
	if (proc)
		closedir(proc);
	return count;
}

/* As many processes, so much of the processor: being in a group is to change nothing. */
static void weigh(const struct container *container, enum group_part part, int tasks)
{
	int weight = tasks * WEIGHT_OF_TASK;
	char text[16];

	snprintf(text, sizeof(text), "%d", weight < WEIGHT_MAX ? weight : WEIGHT_MAX);
	group_write(container, part, "cpu.weight", text);
}

bool group_prepare(const struct container *container)
{
	const struct agent *agent = agent_live(container->agents);
	int count;

	/* One that was started since is where its parent is. */
	if (made[container->index])
		return !agent || move(container, agent->pid, GROUP_AGENT) || complain("moving the agent");
	made[container->index] = true;
	if (!make(container))
		return false;
	count = move_all(container);
	if (agent && !move(container, agent->pid, GROUP_AGENT))
		return complain("moving the agent");
	weigh(container, GROUP_WHOLE, count);
	weigh(container, GROUP_REST, count > 1 ? count - 1 : 1);
	return true;
}

static int remove_one(uint32_t container)
{
	uint64_t until = ks_now() + EMPTY_MS * KS_NS_PER_MS;
	char path[PATH_SIZE];

	for (enum group_part part = GROUP_REST + 1; part-- > GROUP_WHOLE;) {
		path_of(path, container, part, "");
		while (rmdir(path) && errno != ENOENT) {
			if (ks_now() >= until)
				return fail("fault", "cannot remove %s: %s", path, strerror(errno));
			if (events_wait(ks_now() + EMPTY_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, "container stop") == WAIT_FAILED)
				events_finish();
		}
	}
	return 0;
}

int groups_remove(void)
{
	int result = 0;

	for (uint32_t i = 0; i < PLAN_CONTAINERS_MAX; i++) {
		if (made[i] && remove_one(i))
			result = -1;
		made[i] = false;
	}
	return result;
}
