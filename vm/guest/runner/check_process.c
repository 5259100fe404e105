// SPDX-License-Identifier: MIT
#include "check_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/process.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"
#include "helper_process.h"
#include "pen.h"
#include "workplace.h"

#define PROGRAM GUEST_PROGRAMS "/ks-check"
/* On a guest of usual speed. */
#define CHECK_MS 180000

/* What arrives at a pipe, kept up to the size of `text`, which stays NUL-terminated. */
struct collector {
	int fd;
	char *text;
	size_t size;
	size_t used;
};

static void collect(void *arg)
{
	struct collector *collector = arg;
	char rest[4096], *to = collector->text + collector->used;
	size_t room = collector->size - 1 - collector->used;
	ssize_t got = read(collector->fd, room > 0 ? to : rest, room > 0 ? room : sizeof(rest));

	if (got > 0) {
		if (room > 0) {
			collector->used += (size_t)got;
			collector->text[collector->used] = '\0';
		}
		return;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	events_forget(collector->fd);
	close(collector->fd);
	collector->fd = -1;
}

static int open_collector(struct collector *collector, char *text, size_t size)
{
	int ends[2];

	*text = '\0';
	*collector = (struct collector){ .fd = -1, .text = text, .size = size };
	if (pipe2(ends, O_CLOEXEC))
		return fail("checks", "a pipe for a check: %s", strerror(errno));
	/* The check's end blocks, ours does not. */
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	collector->fd = ends[0];
	if (!events_watch(collector->fd, collect, collector))
		return ends[1];
	close(ends[1]);
	return -1;
}

static void close_collector(struct collector *collector)
{
	/* Whoever could write has gone: what is there is all there will be. */
	for (int reads = 0; collector->fd >= 0 && reads < 1024; reads++)
		collect(collector);
	if (collector->fd >= 0) {
		events_forget(collector->fd);
		close(collector->fd);
	}
}

static pid_t start(const char *name, const struct plan_mechanism *mechanism, int output, int errors)
{
	char timeout[16];
	const char *const argv[] = { PROGRAM,
				     name,
				     "--route",
				     plan_routes[mechanism->route],
				     "--delivery",
				     plan_deliveries[mechanism->delivery],
				     "--fallback",
				     plan_fallbacks[mechanism->fallback],
				     "--timeout-ms",
				     timeout,
				     NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct process_fd fds[] = { { null, STDIN_FILENO }, { output, STDOUT_FILENO }, { errors, STDERR_FILENO } };
	pid_t pid;

	snprintf(timeout, sizeof(timeout), "%u", mechanism->timeout_ms);
	pid = null < 0 ? -1 : process_start(argv, 0, fds, 3);
	if (pid < 0)
		fail("checks", "cannot execute " PROGRAM ": %s", strerror(errno));
	if (null >= 0)
		close(null);
	return pid;
}

struct running {
	pid_t pid;
	int pidfd;
	bool ended;
	int status;
};

static void has_ended(void *arg)
{
	struct running *running = arg;

	if (waitpid(running->pid, &running->status, WNOHANG) != running->pid)
		return;
	running->ended = true;
	events_forget(running->pidfd);
}

static bool is_over(const void *arg)
{
	return ((const struct running *)arg)->ended;
}

static int await(struct running *running, const char *name, struct check_result *result)
{
	char phase[PLAN_NAME_MAX + 16];
	enum wait_result waited;
	int limit_ms = CHECK_MS * slowness();

	running->pidfd = (int)syscall(SYS_pidfd_open, running->pid, 0);
	if (running->pidfd < 0 || events_watch(running->pidfd, has_ended, running))
		return failure.failed ? -1 : fail("checks", "pidfd_open: %s", strerror(errno));
	snprintf(phase, sizeof(phase), "check %s", name);
	waited = events_wait(ks_now() + (uint64_t)limit_ms * KS_NS_PER_MS, is_over, running, phase);
	result->ended_at = ks_now();
	if (waited == WAIT_TIMEOUT)
		snprintf(result->problem, sizeof(result->problem), "it did not end within %d s", limit_ms / 1000);
	else if (running->ended && running->status != 0)
		process_how(running->status, result->problem, sizeof(result->problem));
	return waited == WAIT_FAILED ? -1 : 0;
}

/* The check itself among them, if its time is up. */
static int end_all(struct running *running)
{
	int result = pen_kill();

	/*
	 * A requester is unkillable while its helper lives, and asks for no other afterwards. Again and again: a helper is not
	 * known for one before it has been executed.
	 */
	helper_process_kill_all();
	if (!result)
		result = pen_clear(helper_process_kill_all);
	if (!running->ended && running->pid > 0)
		waitpid(running->pid, NULL, result ? WNOHANG : 0);
	if (running->pidfd >= 0) {
		events_forget(running->pidfd);
		close(running->pidfd);
	}
	return result;
}

int check_process_run(const char *name, const struct plan_mechanism *mechanism, struct check_result *result)
{
	struct running running = { .pid = -1, .pidfd = -1 };
	struct collector output, errors;
	int output_end, errors_end, failed = 0;

	*result->problem = '\0';
	output_end = open_collector(&output, result->output, sizeof(result->output));
	errors_end = open_collector(&errors, result->errors, sizeof(result->errors));
	if (output_end < 0 || errors_end < 0 || pen_enter()) {
		failed = -1;
	} else {
		running.pid = start(name, mechanism, output_end, errors_end);
		failed = pen_leave() || running.pid < 0 ? -1 : 0;
	}
	if (output_end >= 0)
		close(output_end);
	if (errors_end >= 0)
		close(errors_end);
	if (!failed)
		failed = await(&running, name, result);
	if (failure.failed)
		events_finish();
	if (end_all(&running))
		failed = -1;
	close_collector(&output);
	close_collector(&errors);
	return failed;
}
