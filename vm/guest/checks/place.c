// SPDX-License-Identifier: MIT
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

/* For fork, unshare, map and mount, or for crun, on an emulated processor that others use too. */
#define START_MS 60000

struct order {
	task_function run;
	size_t size;
	char argument[TASK_ARGUMENT_MAX];
};

struct design {
	int namespaces;
	uid_t first_id;
	bool same_session;
};

union rights {
	char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void send_order(int control, const struct order *order, int channel)
{
	union rights rights = { 0 };
	struct iovec iov = { (void *)order, offsetof(struct order, argument) + order->size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = CMSG_SPACE(sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &channel, sizeof(int));
	require(sendmsg(control, &message, MSG_NOSIGNAL) > 0, "the init of a place has gone: %s", strerror(errno));
}

/* The channel that came with the order, or -1 when no more will come. */
static int take_order(int control, struct order *order)
{
	union rights rights;
	struct iovec iov = { order, sizeof(*order) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = sizeof(rights.bytes) };
	struct cmsghdr *header;
	int channel = -1;

	if (recvmsg(control, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&channel, CMSG_DATA(header), sizeof(int));
	return channel;
}

/* One byte with the sender's credentials, whose pid the kernel translates for whoever reads it. */
static void say_here(int channel)
{
	require(write(channel, "", 1) == 1, "cannot report to the check: %s", strerror(errno));
}

static pid_t hear_pid(int channel)
{
	char byte;
	union rights rights;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = sizeof(rights.bytes) };
	struct pollfd ready = { channel, POLLIN, 0 };
	struct cmsghdr *header;
	struct ucred who;

	require(poll(&ready, 1, START_MS) == 1 && recvmsg(channel, &message, MSG_CMSG_CLOEXEC) == 1,
		"a process did not start in its place");
	header = CMSG_FIRSTHDR(&message);
	require(header && header->cmsg_type == SCM_CREDENTIALS, "a process did not say who it is");
	memcpy(&who, CMSG_DATA(header), sizeof(who));
	return who.pid;
}

void place_serve(int control)
{
	struct sigaction reap = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	static struct order order;
	int channel;

	say_here(control);
	sigaction(SIGCHLD, &reap, NULL);
	while ((channel = take_order(control, &order)) >= 0) {
		pid_t pid = fork();

		if (!pid) {
			signal(SIGCHLD, SIG_DFL);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(control);
			say_here(channel);
			order.run(channel, order.argument);
			_exit(0);
		}
		if (pid < 0)
			fprintf(stderr, "fork in a place: %s\n", strerror(errno));
		close(channel);
	}
	_exit(0);
}

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

int place_channel(int type, int *other)
{
	int pair[2], on = 1;

	require(!socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair), "socketpair: %s", strerror(errno));
	require(!setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), "SO_PASSCRED: %s", strerror(errno));
	*other = pair[1];
	return pair[0];
}

/* Of the init namespaces: a child of the check itself. */
static void start_here(task_function run, const void *argument, int channel)
{
	pid_t pid = fork_tied();

	if (!pid) {
		say_here(channel);
		run(channel, argument);
		_exit(0);
	}
}

pid_t place_hear_init(const struct place *place)
{
	return hear_pid(place->control);
}

static struct place make(const struct place *parent, const struct design *design)
{
	struct place place;
	int other;

	place.control = place_channel(SOCK_SEQPACKET, &other);
	if (parent) {
		struct order order = { .run = found, .size = sizeof(*design) };

		memcpy(order.argument, design, sizeof(*design));
		send_order(parent->control, &order, other);
	} else {
		start_here(found, design, other);
	}
	close(other);
	place.founder = hear_pid(place.control);
	place.init = place_hear_init(&place);
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

static int open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static bool ends(int pidfd, int ms)
{
	struct pollfd end = { pidfd, POLLIN, 0 };

	return poll(&end, 1, ms) == 1;
}

void place_end(struct place *place)
{
	int pidfd = open_pidfd(place->init);

	close(place->control);
	place->control = -1;
	if (pidfd < 0)
		return;
	/* Its tasks die with it, by their pid namespace or by being its children. */
	kill(place->init, SIGKILL);
	require(ends(pidfd, PATIENCE_MS), "the init of a place is still there %d ms after SIGKILL", PATIENCE_MS);
	close(pidfd);
	/* The check's child, if the place is not below another: unreaped it would keep the user namespace. It ends with the init. */
	waitpid(place->founder, NULL, 0);
}

struct inodes place_inodes(const struct place *place)
{
	return inodes_of(place->init);
}

struct task place_start(const struct place *place, task_function run, const void *argument, size_t size)
{
	struct order order = { .run = run, .size = size };
	struct task task;
	int other;

	require(size <= sizeof(order.argument), "an argument of %zu bytes", size);
	if (size > 0)
		memcpy(order.argument, argument, size);
	task.channel = place_channel(SOCK_STREAM, &other);
	send_order(place->control, &order, other);
	close(other);
	task.pid = hear_pid(task.channel);
	task.pidfd = open_pidfd(task.pid);
	require(task.pidfd >= 0 || errno == ESRCH, "pidfd_open: %s", strerror(errno));
	return task;
}

void place_do(const struct place *place, task_function run, const void *argument, size_t size)
{
	struct task task = place_start(place, run, argument, size);
	char done;

	require(task_tells(&task, &done, 1, PATIENCE_MS), "what was to be done in a place was not done");
	task_end(&task);
}

void task_done(int channel)
{
	require(write(channel, "", 1) == 1, "cannot report to the check: %s", strerror(errno));
}

bool task_ends(const struct task *task, int ms)
{
	return task->pidfd < 0 || ends(task->pidfd, ms);
}

void task_signal(const struct task *task, int signo)
{
	if (task->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, task->pidfd, signo, NULL, 0);
}

void task_end(struct task *task)
{
	task_signal(task, SIGKILL);
	require(task_ends(task, PATIENCE_MS), "a process is still there %d ms after SIGKILL", PATIENCE_MS);
	if (task->pidfd >= 0)
		close(task->pidfd);
	close(task->channel);
	*task = (struct task){ .pid = 0, .pidfd = -1, .channel = -1 };
}

bool task_tells(const struct task *task, void *what, size_t size, int ms)
{
	int64_t deadline = now_ms() + ms;
	size_t got = 0;

	while (got < size) {
		int64_t left = deadline - now_ms();
		struct pollfd ready = { task->channel, POLLIN, 0 };
		ssize_t n;

		if (poll(&ready, 1, left > 0 ? (int)left : 0) != 1)
			return false;
		n = read(task->channel, (char *)what + got, size - got);
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}
