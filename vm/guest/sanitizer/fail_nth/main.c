// SPDX-License-Identifier: MIT
/*
 * ks-fail-nth [OPERATION...]: lets the first allocation (or copy from or to user space) of an operation on the module fail, then
 * the second, and so on until none is left (/proc/thread-self/fail-nth, Documentation/fault-injection). Each time the operation
 * must either succeed or say ENOMEM (EFAULT for a copy), leave nothing half-done, start no helper of the host's, and work when it
 * is tried again.
 *
 * Prints a line for each operation, "ok NAME: N faults, M refused" or "not ok NAME: why"; exits with 1 after one of the latter, and
 * with 2 if there is no operation of a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "../../module/selftest/fail_nth.h"
#include "operation.h"

/* No operation comes near it; loading the module comes nearest. */
#define MOST_FAULTS 2000
/* What no operation takes with all its faults, and what it has left to die in. */
#define OPERATION_S (300 * slowness())
#define DEATH_MS (10000 * slowness())

static const struct operation *const groups[] = {
	opening_operations,   key_operations,	  ioctl_operations,   asking_operations,
	answering_operations, setting_operations, loading_operations,
};

static void run(const struct operation *operation)
{
	int tried = 0, refused = 0, nth;

	for (nth = 1;; nth++) {
		struct stage stage = { .attempt = nth, .queue = -1, .file = -1 };
		long helpers = counter("helper_execs");
		bool failed;
		int error;

		require(nth <= MOST_FAULTS, "more than %d faults", MOST_FAULTS);
		operation->prepare(&stage);
		fail_nth_arm(nth);
		error = operation->perform(&stage);
		failed = fail_nth_disarm();
		require(failed || !error, "failed with %s without a fault", strerrorname_np(error));
		require(!error || error == ENOMEM || error == EFAULT || error == operation->also, "with fault %d: %s", nth,
			strerrorname_np(error));
		operation->finish(&stage, error);
		/* Loading the module anew begins to count anew. */
		require(counter("helper_execs") <= helpers, "with fault %d the host's helper was executed", nth);
		if (!failed)
			break;
		tried++;
		refused += error != 0;
	}
	printf("ok %s: %d faults, %d refused\n", operation->name, tried, refused);
}

static bool chosen(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static bool there_is(const char *name)
{
	const struct operation *operation;
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (operation = groups[i]; operation->name; operation++)
			if (!strcmp(operation->name, name))
				return true;
	return false;
}

/* What its alarm does not end, nothing does. */
static bool ends(pid_t pid, int *status)
{
	int64_t deadline = now_ms() + 1000LL * OPERATION_S + DEATH_MS;

	while (waitpid(pid, status, WNOHANG) != pid) {
		if (now_ms() > deadline)
			return false;
		sleep_ms(10);
	}
	return true;
}

static int run_apart(const struct operation *operation)
{
	char reason[256] = "";
	int pipes[2], status;
	pid_t pid;

	require(!pipe(pipes), "pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork_tied();
	if (!pid) {
		alarm((unsigned int)OPERATION_S);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		fail_nth_open();
		require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
		block_agent_signal();
		run(operation);
		fflush(stdout);
		_exit(0);
	}
	close(pipes[1]);
	if (!ends(pid, &status)) {
		printf("not ok %s: it does not end, and cannot be killed\n", operation->name);
		close(pipes[0]);
		return 1;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		close(pipes[0]);
		return 0;
	}
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	if (read(pipes[0], reason, sizeof(reason) - 1) < 0)
		reason[0] = '\0';
	reason[strcspn(reason, "\n")] = '\0';
	if (WIFSIGNALED(status))
		printf("not ok %s: killed by %s. %s\n", operation->name, strsignal(WTERMSIG(status)), reason);
	else
		printf("not ok %s: %s\n", operation->name, reason);
	close(pipes[0]);
	return 1;
}

int main(int argc, char **argv)
{
	const struct operation *operation;
	size_t i;
	int bad = 0;

	for (i = 1; i < (size_t)argc; i++)
		if (!there_is(argv[i])) {
			fprintf(stderr, "ks-fail-nth: there is no operation %s\n", argv[i]);
			return 2;
		}
	set("mode", "session");
	set("fallback", "refuse");
	set("timeout_ms", "60000");
	set("refusal_s", "1");
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (operation = groups[i]; operation->name; operation++)
			if (chosen(operation->name, argv + 1))
				bad |= run_apart(operation);
	return bad;
}
