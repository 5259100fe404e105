// SPDX-License-Identifier: MIT
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Above every number asked for, so that moving one descriptor never overwrites another. */
#define PARKING_FD 64
#define READY_WORD "ready\n"

static int place_fds(const struct process_fd *fds, int fd_count)
{
	int parked[8];

	for (int i = 0; i < fd_count; i++) {
		parked[i] = fcntl(fds[i].from, F_DUPFD_CLOEXEC, PARKING_FD);
		if (parked[i] < 0)
			return -1;
	}
	for (int i = 0; i < fd_count; i++)
		if (dup2(parked[i], fds[i].to) < 0)
			return -1;
	return 0;
}

static int become(uid_t uid, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL))
		return -1;
	if (uid != 0 && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		return -1;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -1;
	/* A parent that has ended before sends no signal any more. */
	errno = ESRCH;
	return getppid() == parent ? 0 : -1;
}

pid_t process_start(const char *const argv[], uid_t uid, const struct process_fd *fds, int fd_count)
{
	int report[2], error = 0;
	pid_t pid, parent = getpid();

	if (pipe2(report, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0) {
		/* The report pipe must survive the placing of descriptors. */
		int out = fcntl(report[1], F_DUPFD_CLOEXEC, PARKING_FD);

		if (!place_fds(fds, fd_count) && !become(uid, parent))
			execv(argv[0], (char *const *)argv);
		error = errno;
		if (write(out, &error, sizeof(error)) < 0)
			_exit(126);
		_exit(127);
	}
	if (pid < 0)
		error = errno;
	close(report[1]);
	if (pid > 0 && read(report[0], &error, sizeof(error)) == sizeof(error))
		waitpid(pid, NULL, 0);
	close(report[0]);
	errno = error;
	return error ? -1 : pid;
}

bool process_said_ready(int fd)
{
	char word[sizeof(READY_WORD)];
	ssize_t size = read(fd, word, sizeof(word));

	return size == (ssize_t)strlen(READY_WORD) && memcmp(word, READY_WORD, (size_t)size) == 0;
}

void process_how(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(text, size, "signal %d", WTERMSIG(status));
	else
		snprintf(text, size, "status %d", WEXITSTATUS(status));
}
