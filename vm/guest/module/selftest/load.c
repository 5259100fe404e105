// SPDX-License-Identifier: MIT
/* Too much at once, and unloading while there is something to do. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"

#define MODULE_FILE "/keystorm/keystorm.ko"

static void queue_overflow_is_eagain(void)
{
	long full = counter("queue_full");
	struct asker waiting[KS_QUEUE_MAX], asker;
	int i, queue = open_queue();
	struct message message;
	char description[64];

	register_agent("fd-write:%d", queue);
	for (i = 0; i < KS_QUEUE_MAX; i++) {
		snprintf(description, sizeof(description), "selftest:storm-%d", i);
		waiting[i] = ask(description);
	}
	await_counter("in_flight", KS_QUEUE_MAX);
	asker = ask("selftest:one-too-many");
	require_error(&asker, EAGAIN, PROMPT_MS);
	require(counter("queue_full") == full + 1, "queue_full did not go up");

	for (i = 0; i < KS_QUEUE_MAX; i++) {
		take(queue, &message);
		require(!answer_text(queue, message.request.serial, "drained"), "an answer was refused");
	}
	for (i = 0; i < KS_QUEUE_MAX; i++)
		require_payload(&waiting[i], "drained");
	asker = ask("selftest:one-too-many");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "room again"), "the answer was refused");
	require_payload(&asker, "room again");
}

/* Waits until so many have been refused, whichever they are; the rest must go on waiting. */
static void require_refused(struct asker *askers, int nr, int refused)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	bool over[nr];
	int i, left = refused;

	memset(over, 0, sizeof(over));
	while (left > 0) {
		require(now_ms() < deadline, "%d of %d were refused, not %d", refused - left, nr, refused);
		for (i = 0; i < nr; i++) {
			if (over[i] || still_waiting(&askers[i]))
				continue;
			require_error(&askers[i], EAGAIN, PROMPT_MS);
			over[i] = true;
			left--;
		}
		sleep_ms(5);
	}
	for (i = 0; i < nr; i++)
		require(over[i] || still_waiting(&askers[i]), "more than %d of %d were refused", refused, nr);
}

static void signal_overflow_is_eagain(void)
{
	enum { ASKERS = 8, ROOM = 3, REFUSED = ASKERS - ROOM };
	struct rlimit limit = { ROOM, ROOM };
	long full = counter("queue_full"), helpers = counter("helper_execs");
	struct asker askers[ASKERS], late;
	char description[64];
	ks_key_serial key;
	int i;

	set("fallback", "stock");
	block_agent_signal();
	require(!setrlimit(RLIMIT_SIGPENDING, &limit), "setrlimit: %s", strerror(errno));
	register_agent("signal:%d", agent_signal());
	for (i = 0; i < ASKERS; i++) {
		snprintf(description, sizeof(description), "selftest:signals-%d", i);
		askers[i] = ask(description);
	}
	await_counter("queue_full", full + REFUSED);
	await_counter("in_flight", ROOM);
	require_refused(askers, ASKERS, REFUSED);
	require(counter("queue_full") == full + REFUSED, "queue_full went up by %ld", counter("queue_full") - full);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
	take_signal();
	late = ask("selftest:signals-again");
	for (i = 0; i < ROOM; i++)
		key = take_signal();
	answer_by_keyctl(key, "drained");
	require_payload(&late, "drained");
}

int unload_keystorm(void)
{
	return syscall(SYS_delete_module, "keystorm", O_NONBLOCK) ? errno : 0;
}

void load_keystorm(void)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);

	require(fd >= 0 && !syscall(SYS_finit_module, fd, "", 0), "cannot load the module again: %s", strerror(errno));
	close(fd);
}

/* The kernel's word for a module in use is EAGAIN (EWOULDBLOCK). */
static void unload_in_flight_is_refused(void)
{
	struct asker asker;
	ks_key_serial key;

	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	asker = ask("selftest:unload");
	key = take_signal();
	require(unload_keystorm() == EAGAIN, "unloading with a request in flight is not refused");
	require(still_waiting(&asker), "the requester was disturbed");
	answer_by_keyctl(key, "kept");
	require_payload(&asker, "kept");
}

static void unload_with_open_queue_is_refused(void)
{
	int queue = open_queue();

	require(unload_keystorm() == EAGAIN, "unloading with an open queue is not refused");
	close(queue);
}

static pid_t hammer(int worker)
{
	char description[64];
	pid_t pid = fork_tied();
	unsigned int i;

	if (pid)
		return pid;
	for (i = 0;; i++) {
		snprintf(description, sizeof(description), "selftest:hammer-%d-%u", worker, i);
		ks_request_key("user", description, "ks", KEY_SPEC_PROCESS_KEYRING);
		if (i % 64 == 63)
			ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING);
		if (i % 8 == 7)
			sleep_ms(1);
	}
}

/* The hammers pause now and then, so sooner or later an attempt meets a moment without a request in flight. */
static void unloads_and_loads_under_load(void)
{
	enum { ROUNDS = 5, HAMMERS = 2 };
	pid_t hammers[HAMMERS], agent;
	int i, round, refused = 0;

	for (i = 0; i < HAMMERS; i++)
		hammers[i] = hammer(i);
	for (round = 0; round < ROUNDS; round++) {
		int64_t deadline = now_ms() + PATIENCE_MS;
		long served = counter("notified_signal");
		int ret;

		set("mode", "session");
		set("timeout_ms", "2000");
		agent = start_ks_agent();
		while (counter("notified_signal") < served + 20)
			sleep_ms(1);
		while ((ret = unload_keystorm())) {
			require(ret == EAGAIN, "unloading failed with %s", strerrorname_np(ret));
			require(now_ms() < deadline, "the module could not be unloaded");
			refused++;
		}
		kill(agent, SIGKILL);
		wait_killed(agent);
		load_keystorm();
	}
	for (i = 0; i < HAMMERS; i++) {
		kill(hammers[i], SIGKILL);
		wait_killed(hammers[i]);
	}
	require(refused > 0, "no attempt met a request in flight");
}

const struct behaviour load_behaviours[] = {
	{ "queue-overflow-is-eagain", queue_overflow_is_eagain },
	{ "signal-overflow-is-eagain", signal_overflow_is_eagain },
	{ "unload-in-flight-is-refused", unload_in_flight_is_refused },
	{ "unload-with-open-queue-is-refused", unload_with_open_queue_is_refused },
	{ "unloads-and-loads-under-load", unloads_and_loads_under_load },
	{ NULL, NULL },
};
