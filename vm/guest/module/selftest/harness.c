// SPDX-License-Identifier: MIT
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	_exit(1);
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&pause, NULL);
}

pid_t fork_tied(void)
{
	pid_t pid = fork();

	require(pid >= 0, "fork: %s", strerror(errno));
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

void wait_killed(pid_t pid)
{
	int status;

	require(waitpid(pid, &status, 0) == pid, "waitpid: %s", strerror(errno));
}

int try_set(const char *module, const char *setting, const char *value)
{
	char path[128];
	int fd, error;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, setting);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = write(fd, value, strlen(value)) < 0 ? errno : 0;
	close(fd);
	return error;
}

void set(const char *setting, const char *value)
{
	int error = try_set("keystorm", setting, value);

	require(!error, "cannot set %s to %s: %s", setting, value, strerror(error));
}

long counter(const char *name)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/misc/keystorm/counters/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	require(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0, "cannot read counter %s: %s", name, strerror(errno));
	close(fd);
	return strtol(text, NULL, 10);
}

void await_counter(const char *name, long value)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (counter(name) != value) {
		require(now_ms() < deadline, "counter %s stays at %ld, %ld expected", name, counter(name), value);
		sleep_ms(5);
	}
}

static void ask_and_tell(const char *description, int result)
{
	struct outcome outcome = { 0 };
	int64_t start = now_ms();

	outcome.key = ks_request_key("user", description, "ks", KEY_SPEC_SESSION_KEYRING);
	outcome.error = outcome.key < 0 ? errno : 0;
	outcome.ms = now_ms() - start;
	if (outcome.key > 0)
		outcome.size = ks_key_read(outcome.key, outcome.payload, sizeof(outcome.payload));
	require(write(result, &outcome, sizeof(outcome)) == sizeof(outcome), "cannot tell the outcome");
}

struct asker ask_as(const char *description, void (*become)(void))
{
	struct asker asker;
	int pipes[2];

	require(!pipe2(pipes, O_CLOEXEC), "pipe: %s", strerror(errno));
	asker.pid = fork_tied();
	if (!asker.pid) {
		if (become)
			become();
		ask_and_tell(description, pipes[1]);
		_exit(0);
	}
	close(pipes[1]);
	asker.result = pipes[0];
	return asker;
}

struct asker ask(const char *description)
{
	return ask_as(description, NULL);
}

struct outcome told(struct asker *asker, int ms)
{
	struct pollfd end = { asker->result, POLLIN, 0 };
	struct outcome outcome;

	require(poll(&end, 1, ms) == 1, "the requester still waits after %d ms", ms);
	require(read(asker->result, &outcome, sizeof(outcome)) == sizeof(outcome), "the requester ended without a word");
	close(asker->result);
	wait_killed(asker->pid);
	return outcome;
}

void require_error(struct asker *asker, int error, int ms)
{
	struct outcome outcome = told(asker, ms);

	require(outcome.error == error, "the requester got %s, %s expected", strerrorname_np(outcome.error),
		strerrorname_np(error));
}

void require_payload(struct asker *asker, const char *payload)
{
	struct outcome outcome = told(asker, PATIENCE_MS);

	require(!outcome.error, "the requester got %s", strerrorname_np(outcome.error));
	require(outcome.size == (long)strlen(payload) && !memcmp(outcome.payload, payload, strlen(payload)),
		"the key holds %ld bytes that are not \"%s\"", outcome.size, payload);
}

bool still_waiting(const struct asker *asker)
{
	struct pollfd end = { asker->result, POLLIN, 0 };

	return poll(&end, 1, 0) == 0;
}

int open_queue(void)
{
	int queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);

	require(queue >= 0, "cannot open %s: %s", KS_DEVICE, strerror(errno));
	return queue;
}

ks_key_serial try_register(const char *format, int argument)
{
	char payload[64];

	snprintf(payload, sizeof(payload), format, argument);
	return ks_add_key(KS_KEY_TYPE_AGENT, "user", payload, strlen(payload), KEY_SPEC_SESSION_KEYRING);
}

ks_key_serial register_agent(const char *format, int argument)
{
	ks_key_serial key = try_register(format, argument);

	require(key > 0, "cannot register %s: %s", format, strerror(errno));
	return key;
}

int agent_signal(void)
{
	return SIGRTMIN + 1;
}

void block_agent_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void take(int queue, struct message *message)
{
	struct pollfd ready = { queue, POLLIN, 0 };
	ssize_t got;

	require(poll(&ready, 1, PATIENCE_MS) == 1, "no request came");
	got = read(queue, message, sizeof(*message));
	require(got >= (ssize_t)sizeof(message->request), "reading a request: %s", strerror(errno));
	require(message->request.size == (uint32_t)got, "the request says %u bytes, %zd were read", message->request.size,
		got);
}

bool nothing_to_take(int queue)
{
	struct pollfd ready = { queue, POLLIN, 0 };

	return poll(&ready, 1, 0) == 0 || !(ready.revents & POLLIN);
}

int answer(int queue, ks_key_serial serial, unsigned int error, unsigned int timeout, const void *payload, size_t size)
{
	struct ks_answer head = { serial, error, timeout, (uint32_t)size };
	struct iovec parts[] = { { &head, sizeof(head) }, { (void *)payload, size } };
	ssize_t taken = writev(queue, parts, 2);

	require(taken < 0 || taken == (ssize_t)(sizeof(head) + size), "%zd bytes were taken", taken);
	return taken < 0 ? errno : 0;
}

int answer_text(int queue, ks_key_serial serial, const char *text)
{
	return answer(queue, serial, 0, 0, text, strlen(text));
}

ks_key_serial take_signal(void)
{
	struct timespec patience = { PATIENCE_MS / 1000, 0 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	require(sigtimedwait(&set, &info, &patience) == agent_signal(), "no notification came: %s", strerror(errno));
	require(info.si_code == KS_SI_CODE, "si_code is %d", info.si_code);
	return info.si_int;
}

pid_t start_ks_agent(void)
{
	char said[8] = "";
	int ready[2];
	pid_t pid;

	require(!pipe(ready), "pipe: %s", strerror(errno));
	pid = fork_tied();
	if (!pid) {
		dup2(ready[1], 4);
		execl("/keystorm/ks-agent", "ks-agent", "--id", "9", "--delivery", "signal", "--payload-bytes", "256", "--ready-fd",
		      "4", NULL);
		fail("cannot execute ks-agent: %s", strerror(errno));
	}
	close(ready[1]);
	require(read(ready[0], said, sizeof(said)) == 6 && !memcmp(said, "ready\n", 6), "ks-agent did not say ready");
	close(ready[0]);
	return pid;
}
