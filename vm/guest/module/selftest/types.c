// SPDX-License-Identifier: MIT
/* All key types come through one point, which is diverted while the mode is not off. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "homes.h"

#define KEY_TYPES_FILE "/sys/class/misc/keystorm/key_types"

static bool is_listed(const char *expected)
{
	FILE *file = fopen(KEY_TYPES_FILE, "re");
	char line[128];
	bool found = false;

	require(file, "cannot open %s: %s", KEY_TYPES_FILE, strerror(errno));
	while (!found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strcmp(line, expected);
	}
	fclose(file);
	return found;
}

/* 0 if the kernel found the module; the type is then registered, later than this module. */
static int load_module(const char *name)
{
	pid_t pid = fork_tied();
	int status;

	if (!pid) {
		execlp("modprobe", "modprobe", name, NULL);
		_exit(127);
	}
	require(waitpid(pid, &status, 0) == pid, "waitpid: %s", strerror(errno));
	return status;
}

static const char *type_asked_for;

static void ask_for_type(void)
{
	ks_key_serial key = ks_request_key(type_asked_for, "selftest:type", "ks", KEY_SPEC_PROCESS_KEYRING);

	require(key < 0, "a key of type %s was found", type_asked_for);
	require(errno == EADV, "type %s: the requester got %s, not the agent's errno", type_asked_for, strerrorname_np(errno));
}

/* What a key of the type holds does not matter here: the agent's own errno shows that it was asked. */
static void require_served(const char *type, int queue)
{
	struct message message;
	int status;
	pid_t pid;

	type_asked_for = type;
	pid = fork_tied();
	if (!pid) {
		go_home();
		ask_for_type();
		_exit(0);
	}
	take(queue, &message);
	require(!strcmp(message.strings, type), "asked for a %s, the agent was told %s", type, message.strings);
	require(!answer(queue, message.request.serial, EADV, 1, NULL, 0), "the rejection was refused");
	require(waitpid(pid, &status, 0) == pid && !status, "the request did not go as it should");
}

/* Registered by the kernel before us, by us, by a module after us; exported or not; its payload readable or not. */
static void all_key_types_are_served(void)
{
	static const char *const types[] = { "user", "logon", "usermode_helper" };
	long helpers = counter("helper_execs");
	struct wish wish = { KS_ROUTE_USERNS, NULL, NULL, 0, 0, open_queue(), NULL };
	char line[64];
	size_t i;

	set("mode", "userns");
	wish_granted(&wish);
	home = getpid();
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(line, sizeof(line), "%s served", types[i]);
		require(is_listed(line), "%s does not say '%s'", KEY_TYPES_FILE, line);
		require_served(types[i], wish.queue);
	}
	require(!load_module("dns_resolver"), "the guest has no module dns_resolver");
	require(is_listed("dns_resolver served"), "a type registered later is not listed");
	require_served("dns_resolver", wish.queue);
	require(counter("helper_execs") == helpers, "the helper was executed");
}

static void types_not_served_are_listed_as_such(void)
{
	require(is_listed("keyagent own-actor"), "a type with an actor of its own is not listed as such");
	require(is_listed("keyring never-requested"), "keyrings are not listed as such");
}

/* The network namespace of a request for a dns_resolver key is that of the key. */
static void dns_resolver_keys_have_a_network(void)
{
	pid_t inside = stay(CLONE_NEWNET), outside = stay(CLONE_NEWNET);
	struct wish wish = { KS_ROUTE_INTERCEPT, "dns_resolver", net_only, inside, 0, open_queue(), NULL };
	struct wish other = { KS_ROUTE_INTERCEPT, "dns_resolver", net_only, outside, 0, open_queue(), NULL };

	require(!load_module("dns_resolver"), "the guest has no module dns_resolver");
	set("mode", "intercept");
	wish_granted(&wish);
	wish_granted(&other);
	depth = 0;
	home = inside;
	require_served("dns_resolver", wish.queue);
	require(nothing_to_take(other.queue), "another network's agent was asked");
}

/* Else the hook would be silently inert, and requests would go to the helper. */
static void tracer_stays_on(void)
{
	static const char file[] = "/proc/sys/kernel/ftrace_enabled";
	const char *const modes[] = { "off", "session" };
	size_t i;

	for (i = 0; i < 2; i++) {
		int fd = open(file, O_WRONLY | O_CLOEXEC);

		set("mode", modes[i]);
		require(fd >= 0, "cannot open %s: %s", file, strerror(errno));
		require(write(fd, "0", 1) == -1 && errno == EBUSY, "in mode %s the tracer can be switched off", modes[i]);
		close(fd);
	}
}

static void modes_are_switched_under_load(void)
{
	static const char *const modes[] = { "session", "off", "userns", "intercept", "off", "null", "session" };
	enum { ROUNDS = 3, ASKERS = 2 };
	pid_t askers[ASKERS];
	size_t i;
	int round;

	for (i = 0; i < ASKERS; i++) {
		askers[i] = fork_tied();
		if (!askers[i])
			for (;;) {
				ks_request_key("user", "selftest:switch", "ks", KEY_SPEC_PROCESS_KEYRING);
				ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING);
				sleep_ms(1);
			}
	}
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
			set("mode", modes[i]);
	for (i = 0; i < ASKERS; i++)
		leave(askers[i]);
	await_counter("in_flight", 0);
}

const struct behaviour type_behaviours[] = {
	{ "all-key-types-are-served", all_key_types_are_served },
	{ "types-not-served-are-listed", types_not_served_are_listed_as_such },
	{ "dns-resolver-keys-have-a-network", dns_resolver_keys_have_a_network },
	{ "tracer-stays-on", tracer_stays_on },
	{ "modes-are-switched-under-load", modes_are_switched_under_load },
	{ NULL, NULL },
};
