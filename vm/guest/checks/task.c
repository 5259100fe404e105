// SPDX-License-Identifier: MIT
#include "task.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "order.h"
#include "pidfd.h"
#include "process_status.h"

struct task place_start(const struct place *place, task_function run, const void *argument, size_t size)
{
	struct order order = { .run = run, .size = size };
	struct task task;
	int other;

	require(size <= sizeof(order.argument), "an argument of %zu bytes", size);
	if (size > 0)
		memcpy(order.argument, argument, size);
	task.channel = place_channel(SOCK_STREAM, &other);
	order_send(place->control, &order, other);
	close(other);
	task.pid = order_hear_pid(task.channel);
	task.pidfd = pidfd_of(task.pid);
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
	return task->pidfd < 0 || pidfd_ends(task->pidfd, ms);
}

void task_signal(const struct task *task, int signo)
{
	if (task->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, task->pidfd, signo, NULL, 0);
}

void task_stop(const struct task *task)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	task_signal(task, SIGSTOP);
	while (status_state(task->pid) != 'T') {
		require(now_ms() < deadline, "a process does not stop");
		sleep_ms(1);
	}
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

bool task_has_told(const struct task *task)
{
	struct pollfd ready = { task->channel, POLLIN, 0 };

	return poll(&ready, 1, 0) == 1;
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
