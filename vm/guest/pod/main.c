// SPDX-License-Identifier: MIT
/*
 * ks-pod: the init of a container. It starts the agent and the requesters as its children when the runner says so,
 * reaps them, reports their end, and sleeps otherwise. When the runner's end of the control socket closes it exits,
 * and the kernel ends everything in its pid namespace: whatever happens to the runner, no container is left behind.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/control.h"
#include "../common/keys.h"
#include "children.h"

static void say(pid_t about, const char *format, ...)
{
	char text[KS_CONTROL_MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* The only reader is the runner; when it is gone the poll loop sees the end of the connection. */
	if (ks_control_send_about(KS_CONTROL_FD, text, about))
		fprintf(stderr, "ks-pod: cannot tell the runner \"%s\": %s\n", text, strerror(errno));
}

/* The session keyring is the container's: agent and requesters inherit it. */
static const char *link_key(const char *text)
{
	ks_key_serial key;

	errno = EINVAL;
	if (sscanf(text, "link %d", &key) != 1)
		return "a link message of the wrong form";
	if (ks_key_link(key, KEY_SPEC_SESSION_KEYRING))
		return "linking a key into the container's session keyring";
	say(getpid(), "linked");
	return NULL;
}

/* Reaped with the others, as one that nobody knows. */
static const char *try_to_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	say(getpid(), "forked %s", pid > 0 ? "yes" : "no");
	return NULL;
}

static const char *obey_one(struct children *children, const struct ks_control_message *message)
{
	if (strncmp(message->text, "link ", 5) == 0)
		return link_key(message->text);
	if (strcmp(message->text, "fork") == 0)
		return try_to_fork();
	return children_obey(children, message);
}

static void obey(struct children *children, struct ks_control_message *message)
{
	const char *problem = obey_one(children, message);

	for (int i = 0; i < message->fd_count; i++)
		close(message->fds[i]);
	if (problem)
		say(getpid(), "failed %s: %s", problem, strerror(errno));
}

static void reap(struct children *children)
{
	char how[32];
	int status;
	pid_t pid;

	/* WNOWAIT first: the runner learns the pid through credentials, which needs a pid that still exists. */
	for (;;) {
		siginfo_t info = { 0 };
		const struct child *child;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == 0)
			return;
		pid = info.si_pid;
		child = children_find(children, pid);
		status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
		process_how(status, how, sizeof(how));
		if (child)
			say(pid, "%s-exit %u %s", child->kind == CHILD_AGENT ? "agent" : "hammer", child->id, how);
		waitpid(pid, NULL, 0);
		children_forget(children, pid);
	}
}

static void agent_spoke(struct children *children)
{
	uint64_t now = ks_now();
	const struct child *agent = children_agent_ready(children);

	if (agent)
		say(agent->pid, "agent-ready %u %llu", agent->id, (unsigned long long)now);
}

int main(void)
{
	struct children children = { .ready_fd = -1 };
	struct ks_control_message message;
	sigset_t child;
	int signals;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &child, NULL) || (signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
		perror("ks-pod: signalfd");
		return 1;
	}
	if (children_prepare()) {
		perror("ks-pod: control descriptor");
		return 1;
	}
	say(getpid(), "hello");
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = KS_CONTROL_FD, .events = POLLIN },
			{ .fd = signals, .events = POLLIN },
			{ .fd = children.ready_fd, .events = POLLIN },
		};
		struct signalfd_siginfo info;

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return 1;
		/* Before the deaths: an agent may say it is ready and be killed in the same moment. */
		if (fds[2].revents)
			agent_spoke(&children);
		if (fds[1].revents) {
			while (read(signals, &info, sizeof(info)) > 0)
				;
			reap(&children);
		}
		if (fds[0].revents) {
			if (ks_control_receive(KS_CONTROL_FD, &message, 0) <= 0)
				return 0;
			obey(&children, &message);
		}
	}
}
