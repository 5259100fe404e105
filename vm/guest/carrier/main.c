// SPDX-License-Identifier: MIT
/*
 * ks-carrier: what a guest that counts its instructions has in place of a network and an sshd. Nothing may reach such a guest at a
 * moment that the host chooses. So it stops itself: a write to a port of QEMU's (pvpanic) stops its time at this very instruction.
 * While it stands still the harness puts a plan into memory that both see, and lets it go on; the runner gets the plan on its
 * stdin, and its stdout is the serial port, whose bytes QEMU takes as fast as they come.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "mailbox.h"

#define PORT "/dev/ttyS1"
#define RUNNER "/keystorm/ks-runner"
/* QEMU's pvpanic, and the bit that says "panicked": vm/qemu/icount/arguments.ts has QEMU pause at it. */
#define STOP_PORT 0x505
#define STOP 1

/* On the console, whole before anything else happens: what is still on its way when time stops is not heard. */
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
}

static int fail(const char *what, const char *why)
{
	say("keystorm: failed %s: %s", what, why);
	return 1;
}

static int open_port(void)
{
	struct termios settings;
	int port = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (port < 0 || tcgetattr(port, &settings))
		return -1;
	cfmakeraw(&settings);
	settings.c_cflag |= CLOCAL;
	settings.c_cflag &= ~(tcflag_t)HUPCL;
	cfsetspeed(&settings, B115200);
	return tcsetattr(port, TCSANOW, &settings) ? -1 : port;
}

/* Stands still until the harness lets time go on, and again as long as there is nothing new. */
static void await_mail(const volatile struct mailbox *mailbox, uint32_t *taken)
{
	while (mailbox->sequence == *taken)
		outb(STOP, STOP_PORT);
	*taken = mailbox->sequence;
}

/* All of the text, into the runner's stdin. One that ends before has its reasons, and says them. */
static void hand_over(int to, const volatile struct mailbox *mailbox, size_t room)
{
	size_t size = mailbox->size < room ? mailbox->size : room, done = 0;

	while (done < size) {
		/* Nobody writes there while time goes on. */
		ssize_t wrote = write(to, (const char *)mailbox->text + done, size - done);

		if (wrote < 0 && errno != EINTR)
			return;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
}

static pid_t start_runner(int in, int port)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (dup2(in, STDIN_FILENO) < 0 || dup2(port, STDOUT_FILENO) < 0)
		_exit(127);
	/* What it and its children have to complain of is for people: the console is as good a place as any. */
	signal(SIGPIPE, SIG_DFL);
	execl(RUNNER, RUNNER, (char *)NULL);
	_exit(127);
}

/* One runner from its plan to its end, which is said on the console. 0, or a status to exit with. */
static int carry(int port, const volatile struct mailbox *mailbox, size_t room)
{
	int in[2], status;
	pid_t runner;

	if (pipe2(in, O_CLOEXEC))
		return fail("no pipe to the runner", strerror(errno));
	runner = start_runner(in[0], port);
	close(in[0]);
	if (runner < 0)
		return fail("no process for the runner", strerror(errno));
	hand_over(in[1], mailbox, room);
	/* It is to have an open stdin until it ends. */
	while (waitpid(runner, &status, 0) < 0)
		if (errno != EINTR)
			return fail("cannot wait for the runner", strerror(errno));
	close(in[1]);
	tcdrain(port);
	if (WIFSIGNALED(status))
		say("keystorm: runner ended by signal %d", WTERMSIG(status));
	else
		say("keystorm: runner ended with status %d", WEXITSTATUS(status));
	return 0;
}

int main(void)
{
	const volatile struct mailbox *mailbox;
	const char *problem;
	uint32_t taken = 0;
	size_t size;
	int port, result = 0;

	signal(SIGPIPE, SIG_IGN);
	mailbox = mailbox_open(&size, &problem);
	if (!mailbox)
		return fail("no way to get a plan", problem);
	if (ioperm(STOP_PORT, 1, 1))
		return fail("cannot stop its own time", strerror(errno));
	port = open_port();
	if (port < 0)
		return fail("cannot use " PORT, strerror(errno));
	say("keystorm: ready");
	while (!result) {
		await_mail(mailbox, &taken);
		result = carry(port, mailbox, size - sizeof(*mailbox));
	}
	return result;
}
