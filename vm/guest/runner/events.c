// SPDX-License-Identifier: MIT
#include "events.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../common/clock.h"
#include "failure.h"
#include "frame.h"

/* Control socket and crun's pidfd of each container; ledger, stdin, signals; the shared agent's pipe and incarnations. */
#define WATCHES_MAX 192
/* With beats: how long to sleep at most before looking whether one is due. */
#define BEAT_CHECK_NS (KS_NS_PER_S / 2)

static struct pollfd fds[WATCHES_MAX];
static struct watch {
	void (*handler)(void *arg);
	void *arg;
} watches[WATCHES_MAX];
static int count;
static int signals;
static bool finishing;

static void stdin_spoke(void *arg)
{
	char ignored[4096];
	ssize_t size = read(STDIN_FILENO, ignored, sizeof(ignored));

	(void)arg;
	if (size > 0 || (size < 0 && errno == EINTR))
		return;
	events_forget(STDIN_FILENO);
	fail_with(RUNNER_STOPPED, "runner", "its input was closed before the end of the plan: keep it open until `done`");
}

static void signal_came(void *arg)
{
	struct signalfd_siginfo info;

	(void)arg;
	if (read(signals, &info, sizeof(info)) == sizeof(info))
		fail_with(RUNNER_STOPPED, "runner", "stopped by SIG%s", sigabbrev_np((int)info.ssi_signo));
}

int events_begin(void)
{
	sigset_t stop;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGHUP);
	sigaddset(&stop, SIGINT);
	if (sigprocmask(SIG_BLOCK, &stop, NULL))
		return fail("runner", "cannot block signals: %s", strerror(errno));
	signals = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return fail("runner", "signalfd: %s", strerror(errno));
	if (events_watch(signals, signal_came, NULL))
		return -1;
	return events_watch(STDIN_FILENO, stdin_spoke, NULL);
}

int events_watch(int fd, void (*handler)(void *arg), void *arg)
{
	events_forget(fd);
	if (count == WATCHES_MAX)
		return fail("runner", "more than %d descriptors to watch", WATCHES_MAX);
	fds[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
	watches[count++] = (struct watch){ handler, arg };
	return 0;
}

void events_forget(int fd)
{
	for (int i = 0; i < count; i++)
		if (fds[i].fd == fd) {
			count--;
			fds[i] = fds[count];
			watches[i] = watches[count];
			return;
		}
}

static int find(int fd)
{
	for (int i = 0; i < count; i++)
		if (fds[i].fd == fd)
			return i;
	return -1;
}

/* A handler may add and forget watches, so what is ready is noted first and looked up again. */
static void serve_once(uint64_t sleep_ns)
{
	struct timespec timeout = ks_timespec(sleep_ns);
	int ready[WATCHES_MAX], ready_count = 0;

	if (ppoll(fds, (nfds_t)count, &timeout, NULL) <= 0)
		return;
	for (int i = 0; i < count; i++)
		if (fds[i].revents)
			ready[ready_count++] = fds[i].fd;
	for (int i = 0; i < ready_count; i++) {
		int at = find(ready[i]);

		if (at >= 0)
			watches[at].handler(watches[at].arg);
	}
}

enum wait_result events_wait(uint64_t until, bool (*done)(const void *arg), const void *arg, const char *phase)
{
	for (;;) {
		uint64_t now = ks_now(), sleep;

		if (failure.failed && !finishing)
			return WAIT_FAILED;
		if (done && done(arg))
			return WAIT_DONE;
		if (now >= until)
			return WAIT_TIMEOUT;
		sleep = until - now;
		if (phase) {
			frame_beat(phase);
			if (sleep > BEAT_CHECK_NS)
				sleep = BEAT_CHECK_NS;
		}
		serve_once(sleep);
	}
}

int events_check(void)
{
	serve_once(0);
	return failure.failed ? -1 : 0;
}

void events_finish(void)
{
	finishing = true;
}
