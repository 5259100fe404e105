// SPDX-License-Identifier: MIT
/* keystorm_rfc.ko: the faults of the RFC's control flow, each shown; and that it can be got rid of. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"
#include "identity.h"

#define RFC_MODULE "keystorm_rfc"
#define RFC_FILE "/keystorm/keystorm_rfc.ko"
#define KEY_TYPE_RFC "keyagent_rfc"
/* The kernel's, for keys that were negated for want of an answer. */
#define NEGATIVE_S 60

static void load_rfc(void)
{
	int fd = open(RFC_FILE, O_RDONLY | O_CLOEXEC);

	set("mode", "off");
	require(fd >= 0 && !syscall(SYS_finit_module, fd, "", 0), "cannot load %s: %s", RFC_FILE, strerror(errno));
	close(fd);
}

static void unload_rfc(void)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (syscall(SYS_delete_module, RFC_MODULE, O_NONBLOCK)) {
		require(errno == EAGAIN && now_ms() < deadline, "cannot unload " RFC_MODULE ": %s", strerror(errno));
		sleep_ms(10);
	}
}

static ks_key_serial try_register_rfc(const char *payload)
{
	return ks_add_key(KEY_TYPE_RFC, "user", payload, strlen(payload), KEY_SPEC_SESSION_KEYRING);
}

static void become_rfc_agent_without_keyring(void)
{
	char payload[32];

	block_agent_signal();
	snprintf(payload, sizeof(payload), "signal:%d", agent_signal());
	require(try_register_rfc(payload) > 0, "cannot register: %s", strerror(errno));
}

/* As the RFC's example: it blocks its signal and has a process keyring. */
static void become_rfc_agent(void)
{
	require(ks_keyring_id(KEY_SPEC_PROCESS_KEYRING) > 0, "no process keyring: %s", strerror(errno));
	become_rfc_agent_without_keyring();
}

static void rfc_agent_answers(void)
{
	struct asker asker;

	load_rfc();
	become_rfc_agent();
	asker = ask_as("selftest:rfc", enter_user_namespace);
	answer_by_keyctl(take_signal(), "as in 2022");
	require_payload(&asker, "as in 2022");
	unload_rfc();
}

static void malformed_rfc_agents_are_refused(void)
{
	static const char *const malformed[] = {
		"s", "signal:", "signal:1", "signal:31", "signal:65", "signal:+35", "signal:99999999999", "35", "signal:35x", "signal:35\n",
	};
	size_t i;

	load_rfc();
	require(ks_add_key(KEY_TYPE_RFC, "user", NULL, 0, KEY_SPEC_SESSION_KEYRING) < 0 && errno == EINVAL,
		"no payload is not EINVAL");
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		require(try_register_rfc(malformed[i]) < 0 && errno == EINVAL, "\"%s\" is not EINVAL", malformed[i]);
	unload_rfc();
}

/* An agent in a process of its own; it says "r", and "t" when it was told, if it is to take one. */
static pid_t start_rfc_agent(bool takes, int *says)
{
	int pipes[2];
	char said;
	pid_t pid;

	require(!pipe2(pipes, O_CLOEXEC), "pipe");
	pid = fork_tied();
	if (!pid) {
		become_rfc_agent();
		require(write(pipes[1], "r", 1) == 1, "pipe");
		if (takes)
			take_signal();
		require(!takes || write(pipes[1], "t", 1) == 1, "pipe");
		for (;;)
			pause();
	}
	require(read(pipes[0], &said, 1) == 1, "the agent did not register");
	*says = pipes[0];
	return pid;
}

/* Whatever the fallback: the RFC knows none. */
static void rfc_dead_agent_escapes_to_the_host(void)
{
	long helpers, init;
	struct asker asker;
	int i, says;
	pid_t agent;

	load_rfc();
	agent = start_rfc_agent(false, &says);
	kill(agent, SIGKILL);
	wait_killed(agent);
	for (i = 0; i < 2; i++) {
		char description[64];

		helpers = counter("helper_execs");
		init = counter("helper_execs_init");
		snprintf(description, sizeof(description), "selftest:rfc-dead-%d", i);
		asker = ask_as(description, enter_user_namespace);
		require_error(&asker, ENOKEY, PATIENCE_MS);
		require(counter("helper_execs") == helpers + 1 && counter("helper_execs_init") == init + 1,
			"the helper was not executed in the init namespaces");
	}
	unload_rfc();
}

static void rfc_agent_without_a_keyring_is_none(void)
{
	long helpers = counter("helper_execs");
	struct asker asker;

	load_rfc();
	become_rfc_agent_without_keyring();
	asker = ask_as("selftest:rfc-no-keyring", enter_user_namespace);
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(counter("helper_execs") == helpers + 1, "the host's helper was not executed");
	unload_rfc();
}

/* How much patience shows "for ever": longer than any answer, timeout or refusal takes. */
#define FOR_EVER_MS 3000

static void rfc_agent_that_dies_leaves_its_requester_waiting(void)
{
	struct asker asker, other;
	int says;
	char said;
	pid_t agent;

	set("timeout_ms", "500");
	load_rfc();
	agent = start_rfc_agent(true, &says);
	asker = ask("selftest:rfc-orphan");
	require(read(says, &said, 1) == 1 && said == 't', "the agent was not told");
	kill(agent, SIGKILL);
	wait_killed(agent);
	other = ask("selftest:rfc-orphan");
	sleep_ms(FOR_EVER_MS);
	require(still_waiting(&asker) && still_waiting(&other), "the requesters do not wait any more");
	unload_rfc();
	require_error(&asker, ENOKEY, PROMPT_MS);
	require_error(&other, ENOKEY, PROMPT_MS);
}

static void ask_and_be_killed(const char *description)
{
	struct asker asker = ask(description);

	take_signal();
	kill(asker.pid, SIGKILL);
	wait_killed(asker.pid);
}

/* Killed requesters: keys under construction that a keyring still holds, and some that nobody does. */
static void rfc_unloads_behind_orphans(void)
{
	char description[64];
	int i;

	load_rfc();
	for (i = 0; i < 20; i++) {
		if (i % 5 == 0)
			become_rfc_agent();
		snprintf(description, sizeof(description), "selftest:rfc-killed-%d", i);
		ask_and_be_killed(description);
		if (i == 14)
			require(!ks_keyring_clear(KEY_SPEC_SESSION_KEYRING), "clear: %s", strerror(errno));
	}
	unload_rfc();
}

/* Seconds until a key expires, as /proc/keys says: "2s", "1m". -1: no such key. */
static long lifetime_of(const char *description)
{
	char line[512], flags[16], expiry[16];
	FILE *keys = fopen("/proc/keys", "r");
	long seconds = -1;

	require(keys, "cannot open /proc/keys");
	while (fgets(line, sizeof(line), keys)) {
		if (!strstr(line, description) || sscanf(line, "%*s %15s %*s %15s", flags, expiry) != 2 || !strchr(flags, 'N'))
			continue;
		seconds = strtol(expiry, NULL, 10) * (strchr(expiry, 'm') ? 60 : 1);
	}
	fclose(keys);
	return seconds;
}

static void rfc_full_signal_queue_is_negative_for_a_minute(void)
{
	struct rlimit none = { 0, 0 };
	long helpers = counter("helper_execs"), seconds;
	struct asker asker;

	load_rfc();
	require(!setrlimit(RLIMIT_SIGPENDING, &none), "setrlimit: %s", strerror(errno));
	become_rfc_agent();
	asker = ask("selftest:rfc-full");
	require_error(&asker, EAGAIN, PROMPT_MS);
	asker = ask("selftest:rfc-full");
	require_error(&asker, ENOKEY, PROMPT_MS);
	seconds = lifetime_of("selftest:rfc-full");
	require(seconds > NEGATIVE_S - 5 && seconds <= NEGATIVE_S, "the key is negative for %ld s", seconds);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
	unload_rfc();
}

/* Nobody asks whether an agent may serve: the rule's first victim. */
static void rfc_linking_alone_entitles(void)
{
	struct asker asker;
	int ready[2];
	char said;
	pid_t pid;

	load_rfc();
	require(!pipe(ready), "pipe");
	pid = fork_tied();
	if (!pid) {
		become_ordinary();
		become_rfc_agent();
		require(write(ready[1], "r", 1) == 1, "pipe");
		answer_by_keyctl(take_signal(), "by nobody in particular");
		_exit(0);
	}
	require(read(ready[0], &said, 1) == 1, "an ordinary user could not register");
	asker = ask("selftest:rfc-root");
	require_payload(&asker, "by nobody in particular");
	wait_killed(pid);
	unload_rfc();
}

const struct behaviour rfc_behaviours[] = {
	{ "rfc-agent-answers", rfc_agent_answers },
	{ "malformed-rfc-agents-are-refused", malformed_rfc_agents_are_refused },
	{ "rfc-dead-agent-escapes-to-the-host", rfc_dead_agent_escapes_to_the_host },
	{ "rfc-agent-without-a-keyring-is-none", rfc_agent_without_a_keyring_is_none },
	{ "rfc-agent-that-dies-leaves-its-requester-waiting", rfc_agent_that_dies_leaves_its_requester_waiting },
	{ "rfc-unloads-behind-orphans", rfc_unloads_behind_orphans },
	{ "rfc-full-signal-queue-is-negative-for-a-minute", rfc_full_signal_queue_is_negative_for_a_minute },
	{ "rfc-linking-alone-entitles", rfc_linking_alone_entitles },
	{ NULL, NULL },
};
