// SPDX-License-Identifier: MIT
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "keys.h"

#define WORDS_MAX 32
#define CALLOUT_MAX 4096
#define PROGRAM_MS 20000

/* Where the pipe for errno of execve stands in the child, above what the program gets. */
#define REPORT_FD 3

static char *const environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", NULL };

/** How a program ended, and the beginning of what it wrote. */
struct program_end {
	int status;
	int signal;	/* that ended it; 0: none did */
	size_t size;
	char output[KS_PROGRAM_OUTPUT_MAX];
};

static int become(uid_t uid, gid_t gid)
{
	if (uid == geteuid() && gid == getegid())
		return 0;
	return setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid) ? -1 : 0;
}

static int place(int output, int report)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		return -1;
	if (dup2(output, STDOUT_FILENO) < 0 || dup3(report, REPORT_FD, O_CLOEXEC) < 0)
		return -1;
	return (int)syscall(SYS_close_range, REPORT_FD + 1, ~0u, 0);
}

__attribute__((noreturn)) static void be_program(char *const argv[], uid_t uid, gid_t gid, int output, int report)
{
	sigset_t none;
	int error;

	/* Above what they are moved to. */
	output = fcntl(output, F_DUPFD, REPORT_FD + 1);
	report = fcntl(report, F_DUPFD, REPORT_FD + 1);
	sigemptyset(&none);
	/* With the authority it could search the keyrings of whoever asks. */
	syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
	if (!chdir("/") && !sigprocmask(SIG_SETMASK, &none, NULL) && !place(output, report) && !become(uid, gid) &&
	    !prctl(PR_SET_PDEATHSIG, SIGKILL))
		execve(argv[0], argv, environment);
	error = errno;
	if (write(REPORT_FD, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static void take_output(int from, struct program_end *end)
{
	char rest[KS_PROGRAM_OUTPUT_MAX];

	for (;;) {
		size_t room = sizeof(end->output) - end->size;
		ssize_t got = room > 0 ? read(from, end->output + end->size, room) : read(from, rest, sizeof(rest));

		if (got <= 0)
			return;
		if (room > 0)
			end->size += (size_t)got;
	}
}

/* Until it has ended, or the time is up. What it started and left behind may go on writing: nobody reads that. */
static void listen_to(int output, int pidfd, pid_t pid, struct program_end *end)
{
	uint64_t until = ks_now() + PROGRAM_MS * KS_NS_PER_MS;
	bool running = true;

	while (running) {
		struct pollfd fds[] = { { .fd = pidfd, .events = POLLIN }, { .fd = output, .events = POLLIN } };
		uint64_t now = ks_now();

		if (now >= until) {
			kill(pid, SIGKILL);
			until = UINT64_MAX;
			continue;
		}
		if (poll(fds, 2, until == UINT64_MAX ? -1 : (int)((until - now) / KS_NS_PER_MS + 1)) < 0 && errno != EINTR)
			kill(pid, SIGKILL);
		running = !fds[0].revents;
		take_output(output, end);
		/* Closed by the program: else poll would return at once for ever. */
		if (fds[1].revents & POLLHUP)
			output = -1;
	}
}

static int supervise(pid_t pid, int output, int report, struct program_end *end)
{
	int error = 0, status, pidfd;

	if (read(report, &error, sizeof(error)) == sizeof(error)) {
		waitpid(pid, NULL, 0);
		return -error;
	}
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0) {
		error = errno;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return -error;
	}
	listen_to(output, pidfd, pid, end);
	close(pidfd);
	if (waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	return 0;
}

static int run(char *const argv[], uid_t uid, gid_t gid, struct program_end *end)
{
	int output[2], report[2], result;
	pid_t pid;

	*end = (struct program_end){ 0 };
	if (pipe2(output, O_CLOEXEC))
		return -errno;
	if (pipe2(report, O_CLOEXEC)) {
		result = -errno;
		close(output[0]);
		close(output[1]);
		return result;
	}
	/* This end alone: programs expect to wait for who reads. */
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (pid == 0)
		be_program(argv, uid, gid, output[1], report[1]);
	result = pid < 0 ? -errno : 0;
	close(output[1]);
	close(report[1]);
	if (pid > 0)
		result = supervise(pid, output[0], report[0], end);
	close(output[0]);
	close(report[0]);
	return result;
}

static int split(char *text, char *argv[WORDS_MAX + 1])
{
	char *word;
	int count = 0;

	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (count == WORDS_MAX)
			return -E2BIG;
		argv[count++] = word;
	}
	argv[count] = NULL;
	return count > 0 && argv[0][0] == '/' ? 0 : -EINVAL;
}

long ks_program_answer(const char *callout, uid_t uid, gid_t gid, char *payload)
{
	char *argv[WORDS_MAX + 1], words[CALLOUT_MAX];
	struct program_end end;
	int problem, length;

	if (strlen(callout) >= sizeof(words))
		return -E2BIG;
	strcpy(words, callout);
	problem = split(words, argv);
	if (!problem)
		problem = run(argv, uid, gid, &end);
	if (problem)
		return problem;
	length = end.signal ? sprintf(payload, "signal %d\n", end.signal) : sprintf(payload, "exit %d\n", end.status);
	memcpy(payload + length, end.output, end.size);
	return length + (long)end.size;
}
