// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define NR_QUEUES 4
#define OTHERS_MAX 64
#define NR_KINDS 8

const char *const setting_names[NR_SETTINGS] = {
	"mode", "fallback", "timeout_ms", "refusal_s", "stages_room", "stages", "path_instructions",
};

static int settings[NR_SETTINGS];
static int queues[NR_QUEUES];
static int others[OTHERS_MAX], nr_others;
static int own_namespaces[NR_KINDS];
static const char *const kinds[NR_KINDS] = { "user", "net", "mnt", "pid", "uts", "ipc", "cgroup", "time" };

static void keep(int fd)
{
	if (fd >= 0 && nr_others < OTHERS_MAX)
		others[nr_others++] = fd;
}

static int open_namespace(pid_t pid, int kind)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kinds[kind]);
	return open(path, O_RDONLY);
}

static void keep_namespaces(pid_t pid)
{
	for (int kind = 0; kind < NR_KINDS; kind++)
		keep(open_namespace(pid, kind));
}

void descriptors_open(pid_t stranger)
{
	sigset_t none;
	int pair[2];
	char path[96];

	sigemptyset(&none);
	keep_namespaces(1);
	keep_namespaces(stranger);
	keep(open("/dev/null", O_RDWR));
	keep(open("/proc/self/ns", O_RDONLY | O_DIRECTORY));
	keep(open("/proc/keys", O_RDONLY));
	keep(open("/sys/class/misc/keystorm/key_types", O_RDONLY));
	keep(open("/", O_PATH));
	keep(open("/proc/1/ns/user", O_PATH));
	keep(epoll_create1(0));
	keep(eventfd(0, EFD_NONBLOCK));
	keep(signalfd(-1, &none, SFD_NONBLOCK));
	keep(memfd_create("fuzz", 0));
	keep((int)syscall(SYS_pidfd_open, getpid(), 0));
	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair))
		keep(pair[0]), keep(pair[1]);
	for (int i = 0; i < NR_SETTINGS; i++) {
		snprintf(path, sizeof(path), "/sys/module/keystorm/parameters/%s", setting_names[i]);
		settings[i] = open(path, O_RDWR);
		require(settings[i] >= 0, "cannot open %s: %s", path, strerror(errno));
	}
}

void queues_open(void)
{
	for (int i = 0; i < NR_QUEUES; i++) {
		queues[i] = (int)called(OPEN, open(KS_DEVICE, O_RDWR | O_NONBLOCK));
		require(queues[i] >= 0, "cannot open " KS_DEVICE ": %s", strerror(errno));
	}
	for (int kind = 0; kind < NR_KINDS; kind++)
		own_namespaces[kind] = open_namespace(getpid(), kind);
}

void draw_namespaces(int32_t *namespaces, uint32_t nr)
{
	int first = (int)draw(NR_KINDS);

	for (uint32_t i = 0; i < nr && i < NR_KINDS; i++)
		namespaces[i] = own_namespaces[(first + (int)i) % NR_KINDS];
}

/* Now and then another: a queue serves one registration, and has one delivery for ever. */
int draw_queue(void)
{
	int *queue = &queues[draw(NR_QUEUES)];

	if (once_in(32)) {
		close(*queue);
		*queue = (int)called(OPEN, open(KS_DEVICE, O_RDWR | O_NONBLOCK));
		require(*queue >= 0, "cannot open " KS_DEVICE ": %s", strerror(errno));
	}
	return *queue;
}

int draw_descriptor(void)
{
	switch (draw(8)) {
	case 0:
		return draw_queue();
	case 1:
		return (int)draw_edge();
	default:
		return others[draw((uint32_t)nr_others)];
	}
}

int setting_descriptor(int setting)
{
	return settings[setting];
}
