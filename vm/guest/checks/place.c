// SPDX-License-Identifier: MIT
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "order.h"
#include "pidfd.h"

struct design {
	int namespaces;
	uid_t first_id;
	bool same_session;
};

/* Who stayed in the parent's user namespace maps the ids of the process that left it. */
static void map_ids(pid_t left, uid_t first_id)
{
	static const char *const files[] = { "uid_map", "gid_map" };
	char path[64], map[64];

	snprintf(map, sizeof(map), "0 %u %u", first_id, PLACE_IDS);
	for (int i = 0; i < 2; i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/%d/%s", left, files[i]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		require(fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map), "cannot write '%s' to %s: %s", map, path,
			strerror(errno));
		close(fd);
	}
}

/* This process's parent, as /proc shows it, which may belong to another pid namespace than ours. */
static pid_t parent_in_proc(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	pid_t parent = 0;

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "PPid: %d", &parent) == 1)
			break;
	if (status)
		fclose(status);
	require(parent > 0, "/proc/self/status names no parent");
	return parent;
}

static void enter_user_namespace_mapped(int namespaces, uid_t first_id)
{
	int left[2], status;
	pid_t mapper;
	char byte;

	require(!pipe2(left, O_CLOEXEC), "pipe: %s", strerror(errno));
	mapper = fork();
	require(mapper >= 0, "fork: %s", strerror(errno));
	if (!mapper) {
		close(left[1]);
		require(read(left[0], &byte, 1) == 1, "nobody left the user namespace");
		map_ids(parent_in_proc(), first_id);
		_exit(0);
	}
	require(!unshare(namespaces), "unshare(%#x): %s", namespaces, strerror(errno));
	require(write(left[1], "", 1) == 1 && waitpid(mapper, &status, 0) == mapper && status == 0, "ids were not mapped");
	close(left[0]);
	close(left[1]);
	require(!setresgid(0, 0, 0) && !setresuid(0, 0, 0), "cannot become root of a user namespace: %s", strerror(errno));
	/* Changing ids untied it from its parent: a check that fails would leave its places behind. */
	require(!prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG: %s", strerror(errno));
	/* Changing ids gave what is ours in /proc to the host's root; a place below this one has its ids mapped from here. */
	require(!prctl(PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE: %s", strerror(errno));
}

static void leave_namespaces(const struct design *design)
{
	if (design->namespaces & CLONE_NEWUSER)
		enter_user_namespace_mapped(design->namespaces, design->first_id);
	else
		require(!design->namespaces || !unshare(design->namespaces), "unshare(%#x): %s", design->namespaces, strerror(errno));
	if (design->namespaces & CLONE_NEWNS)
		require(!mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "cannot make mounts private: %s", strerror(errno));
}

static void become_init(int channel, const struct design *design)
{
	if ((design->namespaces & CLONE_NEWPID) && (design->namespaces & CLONE_NEWNS))
		require(!mount("proc", "/proc", "proc", 0, NULL), "cannot mount /proc in a place: %s", strerror(errno));
	require(design->same_session || ks_session_new() > 0, "no session keyring for a place: %s", strerror(errno));
	place_serve(channel);
}

/* A task of the parent's: leaves its namespaces and, for a pid namespace of its own, has a child. */
static void found(int channel, const void *argument)
{
	const struct design *design = argument;

	leave_namespaces(design);
	if (!(design->namespaces & CLONE_NEWPID))
		become_init(channel, design);
	switch (fork()) {
	case -1:
		fail("fork: %s", strerror(errno));
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		become_init(channel, design);
		break;
	default:
		/* Its child is the init; the pair of them ends together. */
		close(channel);
		wait(NULL);
	}
}

/* Of the init namespaces: a child of the check itself. */
static void start_here(task_function run, const void *argument, int channel)
{
	pid_t pid = fork_tied();

	if (!pid) {
		order_begun(channel);
		run(channel, argument);
		_exit(0);
	}
}

static struct place make(const struct place *parent, const struct design *design)
{
	struct place place;
	int other;

	place.control = place_channel(SOCK_SEQPACKET, &other);
	if (parent) {
		struct order order = { .run = found, .size = sizeof(*design) };

		memcpy(order.argument, design, sizeof(*design));
		order_send(parent->control, &order, other);
	} else {
		start_here(found, design, other);
	}
	close(other);
	place.founder = order_hear_pid(place.control);
	place.init = order_hear_pid(place.control);
	return place;
}

struct place place_new(const struct place *parent, int namespaces, uid_t first_id)
{
	return make(parent, &(struct design){ namespaces, first_id, false });
}

struct place place_new_in_session(const struct place *parent, int namespaces, uid_t first_id)
{
	return make(parent, &(struct design){ namespaces, first_id, true });
}

void place_end(struct place *place)
{
	int pidfd = pidfd_of(place->init);

	close(place->control);
	place->control = -1;
	if (pidfd < 0)
		return;
	/* Its tasks die with it, by their pid namespace or by being its children. */
	kill(place->init, SIGKILL);
	require(pidfd_ends(pidfd, PATIENCE_MS), "the init of a place is still there %d ms after SIGKILL", PATIENCE_MS);
	close(pidfd);
	/* The check's child, if the place is not below another: unreaped it would keep the user namespace. It ends with the init. */
	waitpid(place->founder, NULL, 0);
}

struct inodes place_inodes(const struct place *place)
{
	return inodes_of(place->init);
}
