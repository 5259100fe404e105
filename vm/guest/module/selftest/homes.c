// SPDX-License-Identifier: MIT
#include "homes.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "harness.h"
#include "identity.h"

const int kind_flags[NR_KINDS] = { CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS,	CLONE_NEWPID,
				   CLONE_NEWUTS,  CLONE_NEWIPC, CLONE_NEWCGROUP };
const char *const kind_names[NR_KINDS] = { "user", "net", "mnt", "pid", "uts", "ipc", "cgroup" };

const char *const user_only[] = { "user", NULL }, *const net_only[] = { "net", NULL },
		  *const user_and_net[] = { "user", "net", NULL };

pid_t home;
int depth;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "cannot write %s: %s", path, strerror(errno));
	close(fd);
}

/* One user namespace further down, mapped so that there can be another below. */
static void go_down(void)
{
	require(!unshare(CLONE_NEWUSER), "unshare: %s", strerror(errno));
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", "0 0 1");
	write_file("/proc/self/gid_map", "0 0 1");
}

pid_t stay(int namespaces)
{
	/* Forks as fork() does, but into new namespaces, the pid namespace among them. */
	pid_t pid = (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL, NULL);

	require(pid >= 0, "clone(%#x): %s", namespaces, strerror(errno));
	if (!pid)
		for (;;)
			pause();
	if (namespaces & CLONE_NEWUSER)
		map_all_ids(pid);
	return pid;
}

pid_t stay_below(pid_t other)
{
	int ready[2];
	char said;
	pid_t pid;

	require(!pipe2(ready, O_CLOEXEC), "pipe: %s", strerror(errno));
	pid = fork_tied();
	if (!pid) {
		home = other;
		depth = 1;
		go_home();
		require(write(ready[1], "r", 1) == 1, "pipe: %s", strerror(errno));
		for (;;)
			pause();
	}
	require(read(ready[0], &said, 1) == 1, "nobody stays below");
	return pid;
}

void leave(pid_t pid)
{
	kill(pid, SIGKILL);
	wait_killed(pid);
}

void in_child(void (*run)(void))
{
	pid_t pid = fork_tied();
	int status;

	if (!pid) {
		run();
		_exit(0);
	}
	require(waitpid(pid, &status, 0) == pid && !status, "a part of it did not go as it should");
}

int open_namespace(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	require(fd >= 0, "cannot open %s: %s", path, strerror(errno));
	return fd;
}

static bool is_elsewhere(const char *name)
{
	char path[64], ours[64] = "", theirs[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)home, name);
	require(readlink(path, theirs, sizeof(theirs) - 1) > 0, "cannot read %s: %s", path, strerror(errno));
	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	require(readlink(path, ours, sizeof(ours) - 1) > 0, "cannot read %s: %s", path, strerror(errno));
	return strcmp(ours, theirs) != 0;
}

void go_home(void)
{
	int fds[NR_KINDS], i;
	pid_t pid;

	for (i = 0; i < NR_KINDS; i++)
		fds[i] = is_elsewhere(kind_names[i]) ? open_namespace(home, kind_names[i]) : -1;
	for (i = 0; i < NR_KINDS; i++)
		require(fds[i] < 0 || !setns(fds[i], kind_flags[i]), "setns(%s): %s", kind_names[i], strerror(errno));
	if (fds[3] >= 0) {
		/* Only a child is in the pid namespace. */
		pid = fork_tied();
		if (pid) {
			wait_killed(pid);
			_exit(0);
		}
	}
	for (i = 0; i < depth; i++)
		go_down();
}

static int registering(unsigned long command, const struct wish *wish)
{
	struct ks_registration said = { .size = sizeof(said), .route = wish->route, .flags = wish->flags };
	int device = open_queue(), ret;

	while (wish->names && wish->names[said.nr_namespaces]) {
		said.namespaces[said.nr_namespaces] = open_namespace(wish->of, wish->names[said.nr_namespaces]);
		said.nr_namespaces++;
	}
	strcpy(said.key_type, wish->key_type ? wish->key_type : "");
	if (command == KS_IOC_REGISTER)
		snprintf(said.agent, sizeof(said.agent), "fd-write:%d", wish->queue);
	if (wish->become)
		wish->become();
	ret = ioctl(device, command, &said) ? errno : 0;
	close(device);
	while (said.nr_namespaces)
		close(said.namespaces[--said.nr_namespaces]);
	return ret;
}

int try_wish(unsigned long command, const struct wish *wish)
{
	int result[2], error = -1;
	pid_t pid;

	if (!wish->become)
		return registering(command, wish);
	require(!pipe2(result, O_CLOEXEC), "pipe: %s", strerror(errno));
	pid = fork_tied();
	if (!pid) {
		error = registering(command, wish);
		require(write(result[1], &error, sizeof(error)) == sizeof(error), "pipe: %s", strerror(errno));
		_exit(0);
	}
	close(result[1]);
	require(read(result[0], &error, sizeof(error)) == sizeof(error), "the registrar ended without a word");
	close(result[0]);
	wait_killed(pid);
	return error;
}

void wish_granted(const struct wish *wish)
{
	int error = try_wish(KS_IOC_REGISTER, wish);

	require(!error, "registering for %s: %s", wish->key_type ? wish->key_type : "any type", strerrorname_np(error));
}

void wish_refused(const struct wish *wish, int error)
{
	int got = try_wish(KS_IOC_REGISTER, wish);

	require(got == error, "registering was %s, %s expected", got ? strerrorname_np(got) : "granted", strerrorname_np(error));
}

void forget_wishes(void)
{
	static const char *const types[] = { NULL, "user" };
	struct wish wish = { 0 };
	size_t i;

	wish.of = getpid();
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		wish.key_type = types[i];
		wish.route = KS_ROUTE_USERNS;
		wish.names = user_only;
		try_wish(KS_IOC_WITHDRAW, &wish);
		wish.route = KS_ROUTE_INTERCEPT;
		wish.names = net_only;
		try_wish(KS_IOC_WITHDRAW, &wish);
		wish.names = NULL;
		try_wish(KS_IOC_WITHDRAW, &wish);
	}
	await_counter("registrations", 0);
}

void require_answer_of(int queue, pid_t from, int below, const char *description)
{
	struct message message;
	struct asker asker;

	home = from;
	depth = below;
	asker = ask_as(description, go_home);
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, description), "the answer was refused");
	require_payload(&asker, description);
}

void require_refusal(pid_t from, const char *description, int error)
{
	struct asker asker;

	home = from;
	depth = 0;
	asker = ask_as(description, go_home);
	require_error(&asker, error, PATIENCE_MS);
}
