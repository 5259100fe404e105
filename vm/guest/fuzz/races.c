// SPDX-License-Identifier: MIT
/*
 * An agent, its requesters, and what can happen to both at any moment: it exits, closes, is killed, replaced or revoked, they are
 * killed. Every request must end all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define REQUESTERS_MAX 3
#define AGENT_STEPS 12
/* An agent may say any errno below 512; those that are one are enough. */
#define ERRNO_SAID_MAX 133
#define RACE_ENDS_MS (20000 * slowness())

enum delivery { FD_WRITE, FD_KEYCTL, SIGNAL, NR_DELIVERIES };

static void pause_us(uint32_t most)
{
	struct timespec pause = { 0, (long)draw(most) * 1000 };

	nanosleep(&pause, NULL);
}

static ks_key_serial take_one(enum delivery delivery, int queue)
{
	struct timespec patience = { 0, 2000000 };
	struct message message;
	siginfo_t info;
	sigset_t set;

	if (delivery == SIGNAL) {
		sigemptyset(&set);
		sigaddset(&set, agent_signal());
		return sigtimedwait(&set, &info, &patience) > 0 ? info.si_int : 0;
	}
	return called(READ, read(queue, &message, sizeof(message))) > 0 ? message.request.serial : 0;
}

static void answer_one(enum delivery delivery, int queue, ks_key_serial key)
{
	struct ks_answer answer = { .serial = key, .error = draw(3) ? 0 : 1 + draw(ERRNO_SAID_MAX) };
	struct iovec parts[] = { { &answer, sizeof(answer) }, { "raced", 5 } };

	answer.payload_len = answer.error ? 0 : 5;
	if (delivery == FD_WRITE) {
		called(WRITEV, writev(queue, parts, answer.error ? 1 : 2));
		return;
	}
	called(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key));
	if (once_in(4))
		pause_us(2000);
	if (answer.error)
		called(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_REJECT, key, 0, answer.error, 0));
	else
		called(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, "raced", 5, 0));
}

static void be_agent(enum delivery delivery, int queue, int ready)
{
	static const char *const names[NR_DELIVERIES] = { "fd-write:%d", "fd-keyctl:%d", "signal:%d" };
	char text[40];

	snprintf(text, sizeof(text), names[delivery], delivery == SIGNAL ? agent_signal() : queue);
	called(ADD_KEY_AGENT, ks_add_key(KS_KEY_TYPE_AGENT, "user", text, strlen(text), KEY_SPEC_SESSION_KEYRING));
	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (int i = 0; i < AGENT_STEPS; i++) {
		ks_key_serial key = take_one(delivery, queue);

		if (once_in(4))
			pause_us(3000);
		if (once_in(10))
			break;
		if (once_in(12))
			close(queue);
		if (key > 0 && !once_in(5))
			answer_one(delivery, queue, key);
		if (key <= 0)
			pause_us(500);
	}
	_exit(0);
}

/* Of this worker it is the worker itself that is watched, and it waits for its children. */
static pid_t fork_as_nobody(void)
{
	pid_t pid = fork_tied();

	if (!pid)
		tally_worker(0);
	return pid;
}

static pid_t start_agent(enum delivery delivery, int queue)
{
	struct pollfd registered = { .events = POLLIN };
	int ready[2];
	pid_t pid;

	require(!pipe2(ready, O_CLOEXEC), "pipe: %s", strerror(errno));
	registered.fd = ready[0];
	pid = fork_as_nobody();
	if (!pid)
		be_agent(delivery, queue, ready[1]);
	close(ready[1]);
	if (poll(&registered, 1, RACE_ENDS_MS) != 1)
		violated("an agent does not return from registering within %d ms", RACE_ENDS_MS);
	close(ready[0]);
	return pid;
}

static pid_t start_requester(int number)
{
	char description[48];
	pid_t pid = fork_as_nobody();

	if (pid)
		return pid;
	snprintf(description, sizeof(description), "race:%d:%d", (int)getpid(), number);
	called(REQUEST_KEY, ks_request_key("user", description, "x", KEY_SPEC_PROCESS_KEYRING));
	_exit(0);
}

static void disturb(pid_t agent, const pid_t *requesters, int nr, int *queue)
{
	ks_key_serial key;
	char text[40];

	key = (ks_key_serial)watched(OTHER_KEYCTL, ks_keyring_search(KEY_SPEC_SESSION_KEYRING, KS_KEY_TYPE_AGENT, "user"));
	switch (draw(9)) {
	case 0:
		kill(agent, SIGKILL);
		break;
	case 1:
		kill(requesters[draw((uint32_t)nr)], SIGKILL);
		break;
	case 2:
		watched(CLOSE, close(*queue));
		*queue = -1;
		break;
	case 3:
		watched(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_REVOKE, key));
		break;
	case 4:
		watched(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_INVALIDATE, key));
		break;
	case 5:
		watched(OTHER_KEYCTL, ks_key_unlink(key, KEY_SPEC_SESSION_KEYRING));
		break;
	case 6:
		snprintf(text, sizeof(text), "fd-write:%d", draw_queue());
		watched(UPDATE_KEY, syscall(SYS_keyctl, KEYCTL_UPDATE, key, text, strlen(text)));
		break;
	case 7:
		kill(agent, once_in(2) ? SIGSTOP : SIGCONT);
		break;
	default:
		break;
	}
}

static void require_end(pid_t pid, const char *what)
{
	int64_t deadline = now_ms() + RACE_ENDS_MS;

	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (now_ms() > deadline)
			violated("%s did not end within %d ms", what, RACE_ENDS_MS);
		sleep_ms(1);
	}
}

void fuzz_race(void)
{
	enum delivery delivery = (enum delivery)draw(NR_DELIVERIES);
	pid_t agent, requesters[REQUESTERS_MAX];
	int nr = 1 + (int)draw(REQUESTERS_MAX), queue;

	watched(OTHER_KEYCTL, ks_session_new());
	queue = (int)watched(OPEN, open(KS_DEVICE, O_RDWR | O_NONBLOCK));
	agent = start_agent(delivery, queue);
	for (int i = 0; i < nr; i++)
		requesters[i] = start_requester(i);
	for (uint32_t i = draw(4); i; i--) {
		pause_us(3000);
		disturb(agent, requesters, nr, &queue);
	}
	for (int i = 0; i < nr; i++)
		require_end(requesters[i], "a request");
	kill(agent, SIGKILL);
	require_end(agent, "an agent that was killed");
	if (queue >= 0)
		watched(CLOSE, close(queue));
	called(RACE, 0);
}
