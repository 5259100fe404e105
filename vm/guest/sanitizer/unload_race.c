// SPDX-License-Identifier: MIT
/*
 * ks-unload-race SECONDS: requesters ask, agents come and go, and all the while somebody tries to unload the module, and loads it
 * again whenever that was let through. Unloading must either be refused (EAGAIN, EBUSY) or be complete; every request must end.
 *
 * Prints "ok unloaded N refused M requests R answered A", none of them 0: what never met is no race. Else it exits with 1, and a
 * sentence on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../module/selftest/harness.h"

#define MODULE_FILE "/keystorm/keystorm.ko"
#define REQUESTERS 4
#define AGENTS 2
/* An agent lets go of its queue after so many answers, so that there are moments at which nothing but requests holds the module. */
#define ANSWERS 10
/* Whatever a request waits for is over by then: the module's timeout is far below. */
#define LAST_REQUEST_MS (20000 * slowness())

/* When by its time nothing has raced yet, it goes on for so long: how often it does so depends on the kernel and the host. */
#define LONGER_MS (40000 * slowness())

struct shared {
	atomic_bool over;
	atomic_long requests;
	atomic_long answered;
};

static struct shared *shared;

static void load(void)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);

	require(fd >= 0 && !syscall(SYS_finit_module, fd, "mode=session fallback=refuse timeout_ms=5000 refusal_s=0", 0),
		"cannot load the module: %s", strerror(errno));
	close(fd);
}

/* What a request may come to: a key, nobody there, too many at once, or a module that is on its way out. */
static bool fair(int error)
{
	return error == ENOKEY || error == EAGAIN || error == EKEYREJECTED || error == EKEYEXPIRED;
}

static void ask_on(int number)
{
	char description[64];
	long round;

	/* Not in all of the init namespaces: without an agent it is refused at once, where root of the host would wait for a helper. */
	require(!unshare(CLONE_NEWUTS), "unshare: %s", strerror(errno));
	for (round = 0; !atomic_load(&shared->over); round++) {
		ks_key_serial key;

		snprintf(description, sizeof(description), "race:%d-%ld", number, round);
		key = ks_request_key("user", description, "ks", KEY_SPEC_SESSION_KEYRING);
		require(key > 0 || fair(errno), "a request came to %s", strerrorname_np(errno));
		atomic_fetch_add(&shared->requests, 1);
		if (key > 0) {
			atomic_fetch_add(&shared->answered, 1);
			ks_key_unlink(key, KEY_SPEC_SESSION_KEYRING);
		}
	}
}

static void serve_by_queue(void)
{
	struct message message;
	char payload[32];
	int queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC), answers;
	struct pollfd ready = { queue, POLLIN, 0 };

	if (queue < 0)
		return;
	snprintf(payload, sizeof(payload), "fd-write:%d", queue);
	if (ks_add_key(KS_KEY_TYPE_AGENT, "user", payload, strlen(payload), KEY_SPEC_SESSION_KEYRING) > 0)
		for (answers = 0; answers < ANSWERS && poll(&ready, 1, 50) == 1; answers++)
			if (read(queue, &message, sizeof(message)) > 0)
				answer_text(queue, message.request.serial, "yes");
	close(queue);
}

static void serve_by_signal(void)
{
	struct timespec patience = { 0, 50 * 1000000L };
	char payload[32];
	siginfo_t info;
	sigset_t set;
	int answers;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	snprintf(payload, sizeof(payload), "signal:%d", agent_signal());
	if (ks_add_key(KS_KEY_TYPE_AGENT, "user", payload, strlen(payload), KEY_SPEC_SESSION_KEYRING) < 0)
		return;
	for (answers = 0; answers < ANSWERS && sigtimedwait(&set, &info, &patience) > 0; answers++)
		if (syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, info.si_int) > 0)
			syscall(SYS_keyctl, KEYCTL_INSTANTIATE, info.si_int, "yes", 3, 0);
}

/* Agents of both kinds, one after the other, all with the one registration of the session keyring. */
static void be_agents(int number)
{
	while (!atomic_load(&shared->over)) {
		if (number % 2)
			serve_by_signal();
		else
			serve_by_queue();
		sleep_ms(20);
	}
}

static pid_t start(void (*work)(int), int number)
{
	pid_t pid = fork_tied();

	if (!pid) {
		work(number);
		_exit(0);
	}
	return pid;
}

static void join(pid_t pid, const char *what)
{
	int64_t deadline = now_ms() + LAST_REQUEST_MS;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		require(now_ms() < deadline, "%s did not end", what);
		sleep_ms(20);
	}
	require(WIFEXITED(status) && !WEXITSTATUS(status), "%s failed", what);
}

int main(int argc, char **argv)
{
	int64_t end = now_ms() + 1000 * (argc > 1 ? atoi(argv[1]) : 10);
	pid_t requesters[REQUESTERS], agents[AGENTS];
	long unloaded = 0, refused = 0;
	int i;

	/* The module may be there already. */
	syscall(SYS_delete_module, "keystorm", O_NONBLOCK);
	load();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED, "no memory: %s", strerror(errno));
	require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
	block_agent_signal();
	for (i = 0; i < AGENTS; i++)
		agents[i] = start(be_agents, i);
	for (i = 0; i < REQUESTERS; i++)
		requesters[i] = start(ask_on, i);
	while (now_ms() < end || (!(unloaded && refused && atomic_load(&shared->answered)) && now_ms() < end + LONGER_MS)) {
		if (!syscall(SYS_delete_module, "keystorm", O_NONBLOCK)) {
			unloaded++;
			/* Requests that meet no module take today's path. */
			sleep_ms(10);
			load();
		} else {
			require(errno == EAGAIN || errno == EBUSY, "unloading came to %s", strerror(errno));
			refused++;
		}
		sleep_ms(5);
	}
	atomic_store(&shared->over, true);
	for (i = 0; i < REQUESTERS; i++)
		join(requesters[i], "a requester");
	for (i = 0; i < AGENTS; i++)
		join(agents[i], "an agent");
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
	end = now_ms() + LAST_REQUEST_MS;
	while (syscall(SYS_delete_module, "keystorm", O_NONBLOCK)) {
		require(now_ms() < end, "the module cannot be unloaded when nobody uses it any more: %s", strerror(errno));
		sleep_ms(50);
	}
	require(unloaded > 0 && refused > 0 && atomic_load(&shared->answered) > 0,
		"nothing raced: unloaded %ld refused %ld requests %ld answered %ld", unloaded, refused,
		atomic_load(&shared->requests), atomic_load(&shared->answered));
	printf("ok unloaded %ld refused %ld requests %ld answered %ld\n", unloaded, refused, atomic_load(&shared->requests),
	       atomic_load(&shared->answered));
	return 0;
}
