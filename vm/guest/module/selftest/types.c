// SPDX-License-Identifier: MIT
/* All key types come through one point, which is diverted while the mode is not off. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "behaviours.h"
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

void load_dns_resolver(void)
{
	pid_t pid = fork_tied();
	int status;

	if (!pid) {
		execlp("modprobe", "modprobe", "dns_resolver", NULL);
		_exit(127);
	}
	require(waitpid(pid, &status, 0) == pid && !status, "the guest has no module dns_resolver");
}

/* So that it can be registered later than anything else. What is built into the kernel is there from the beginning. */
static void unload_dns_resolver(void)
{
	require(!syscall(SYS_delete_module, "dns_resolver", O_NONBLOCK) || errno == ENOENT, "cannot unload dns_resolver: %s",
		strerror(errno));
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

	unload_dns_resolver();
	set("mode", "userns");
	wish_granted(&wish);
	home = getpid();
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(line, sizeof(line), "%s served", types[i]);
		require(is_listed(line), "%s does not say '%s'", KEY_TYPES_FILE, line);
		require_served(types[i], wish.queue);
	}
	load_dns_resolver();
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

	load_dns_resolver();
	set("mode", "intercept");
	wish_granted(&wish);
	wish_granted(&other);
	depth = 0;
	home = inside;
	require_served("dns_resolver", wish.queue);
	require(nothing_to_take(other.queue), "another network's agent was asked");
}

const struct behaviour type_behaviours[] = {
	{ "all-key-types-are-served", all_key_types_are_served },
	{ "types-not-served-are-listed", types_not_served_are_listed_as_such },
	{ "dns-resolver-keys-have-a-network", dns_resolver_keys_have_a_network },
	{ NULL, NULL },
};
