// SPDX-License-Identifier: MIT
/* What add_key("keyagent", …) takes, and from whom. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../../common/shared_registration.h"
#include "behaviours.h"
#include "harness.h"
#include "identity.h"

static void require_refused(const char *type, const char *payload, int error)
{
	ks_key_serial key = ks_add_key(KS_KEY_TYPE_AGENT, type, payload, strlen(payload), KEY_SPEC_SESSION_KEYRING);

	require(key < 0, "registering %s for %s was not refused", payload, type);
	require(errno == error, "registering %s for %s is %s, not %s", payload, type, strerrorname_np(errno),
		strerrorname_np(error));
}

static void malformed_registrations_are_refused(void)
{
	static const char *const malformed[] = {
		"fd-write",	"fd-write:",	"fd-write:x", "fd-write:-1", "fd-write:+1", "fd-write:1 ",
		"fd-write:99999999999", "fd-write:3\n", "signal:0", "signal:40\n", "signal:9", "signal:31", "signal:65", "carrier-pigeon:1", ":", "x",
		"fd-write:00000000000000000000000000001",
	};
	char payload[32];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		require_refused("user", malformed[i], EINVAL);
	snprintf(payload, sizeof(payload), "signal:%d", agent_signal());
	require_refused("user", payload, EINVAL); /* not blocked */
	require_refused("user", "fd-write:777", EBADF);
	fd = open("/dev/null", O_RDWR);
	snprintf(payload, sizeof(payload), "fd-write:%d", fd);
	require_refused("user", payload, EINVAL);
	snprintf(payload, sizeof(payload), "fd-write:%d", open_queue());
	require_refused("keyring", payload, EOPNOTSUPP);
	require_refused("keyagent", payload, EOPNOTSUPP);
	require_refused("keyagent_rfc", payload, EOPNOTSUPP);
	require_refused("a type", payload, EINVAL);
	require_refused("a-name-that-no-type-of-keys-can-have", payload, EINVAL);
}

static void queue_serves_one_registration(void)
{
	int queue = open_queue();
	char payload[32];
	ks_key_serial ring = ks_add_key("keyring", "other", NULL, 0, KEY_SPEC_SESSION_KEYRING);

	register_agent("fd-write:%d", queue);
	snprintf(payload, sizeof(payload), "fd-write:%d", queue);
	require(ks_add_key(KS_KEY_TYPE_AGENT, "user", payload, strlen(payload), ring) < 0 && errno == EBUSY,
		"a second registration of the same queue is not EBUSY");
}

static void registrar_reattaches(void)
{
	int queue = open_queue(), next = open_queue();
	struct message message;
	struct asker asker;
	ks_key_serial key = register_agent("fd-write:%d", queue);

	close(queue);
	asker = ask("selftest:dead");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(register_agent("fd-write:%d", next) == key, "re-attaching made another key");
	asker = ask("selftest:reattached");
	take(next, &message);
	require(!answer_text(next, message.request.serial, "back"), "the answer was refused");
	require_payload(&asker, "back");
}

/* The backlog of an agent that is replaced is refused, not handed to the next one. */
static void reattaching_refuses_the_backlog(void)
{
	int queue = open_queue(), next = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:backlog");
	take(queue, &message);
	register_agent("fd-write:%d", next);
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(nothing_to_take(next), "the new agent was given the old one's request");
	require(answer_text(queue, message.request.serial, "late") == EBUSY, "the old agent's answer is not EBUSY");
}

static void require_eacces_as(void (*become)(void), const char *who)
{
	int status;
	pid_t pid = fork_tied();

	if (!pid) {
		become();
		require(try_register("fd-write:%d", open_queue()) < 0, "%s re-attached", who);
		require(errno == EACCES, "%s got %s", who, strerrorname_np(errno));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	require(!status, "%s was not refused with EACCES", who);
}

static void strangers_do_not_reattach(void)
{
	int queue = open_queue();

	register_agent("fd-write:%d", queue);
	close(queue);
	require_eacces_as(become_ordinary, "another uid");
	require_eacces_as(enter_user_namespace, "another user namespace");
}

static void reattaching_claims_no_more(void)
{
	pid_t pid = fork_tied();
	int status;

	if (!pid) {
		become_powerless();
		register_agent("fd-write:%d", open_queue());
		_exit(0);
	}
	waitpid(pid, &status, 0);
	require(!status, "root without capabilities could not register");
	require(try_register("fd-write:%d", open_queue()) < 0 && errno == EACCES,
		"more capabilities than were registered could be claimed");
}

static void require_eacces(long result, const char *what)
{
	require(result < 0 && errno == EACCES, "a holder could %s it", what);
}

static void hold(ks_key_serial key, bool invalidate)
{
	become_ordinary();
	if (invalidate)
		_exit(syscall(SYS_keyctl, KEYCTL_INVALIDATE, key) ? errno : 0);
	require_eacces(try_register("fd-write:%d", open_queue()), "re-attach");
	require_eacces(syscall(SYS_keyctl, KEYCTL_REVOKE, key), "revoke");
	require_eacces(syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, 1), "expire");
	require_eacces(ks_key_set_permissions(key, KS_POSSESSOR(KS_PERM_ALL)), "open");
	require_eacces(ks_key_link(key, KEY_SPEC_PROCESS_KEYRING), "pass on");
	_exit(0);
}

static int held(ks_key_serial key, bool invalidate)
{
	pid_t pid = fork_tied();
	int status;

	if (!pid)
		hold(key, invalidate);
	waitpid(pid, &status, 0);
	return status;
}

/* The kernel lets whoever may search for a key invalidate it, and who may not search for an agent has none. */
static void holders_withdraw_and_no_more(void)
{
	int queue = open_queue();
	ks_key_serial key = register_agent("fd-write:%d", queue);
	long refused = counter("fallback_refused");
	int64_t until = now_ms() + PATIENCE_MS;
	struct message message;
	struct asker asker;

	require(!ks_key_set_permissions(key, KS_SHARED_REGISTRATION_PERMISSIONS), "setperm: %s", strerror(errno));
	require(!held(key, false), "a holder could do more than search");
	asker = ask_as("selftest:held", enter_user_namespace);
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "still here"), "the answer was refused");
	require_payload(&asker, "still here");

	require(!held(key, true), "a holder could not invalidate it: then the documentation is wrong");
	while (counter("fallback_refused") == refused) {
		struct outcome outcome;

		require(now_ms() < until, "an invalidated registration was never collected");
		asker = ask_as("selftest:withdrawn", enter_user_namespace);
		outcome = told(&asker, PATIENCE_MS);
		require(outcome.error == EKEYREVOKED || outcome.error == ENOKEY, "a requester got %s", strerrorname_np(outcome.error));
	}
	require(nothing_to_take(queue), "the agent was asked");
}

static void nobody_is_asked_for_registrations(void)
{
	long helpers = counter("helper_execs");

	require(ks_request_key("keyagent", "user", "ks", KEY_SPEC_SESSION_KEYRING) < 0 && errno == ENOKEY,
		"a request for a keyagent key is not ENOKEY");
	require(counter("helper_execs") == helpers, "the host's helper was asked for a registration");
}

/* Neither in the second that a refusal lasts nor after it, when a key that was left behind would have expired. */
static void refused_registration_leaves_nothing(void)
{
	long refused = counter("fallback_refused");
	struct asker asker;

	require(ks_request_key("keyagent", "user", "ks", KEY_SPEC_SESSION_KEYRING) < 0, "a keyagent key was given");
	asker = ask_as("selftest:search-left", enter_user_namespace);
	require_error(&asker, ENOKEY, PROMPT_MS);
	sleep_ms(2100);
	asker = ask_as("selftest:search-expired", enter_user_namespace);
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(counter("fallback_refused") == refused + 2, "requests did not take the fallback");
}

#define UNFINISHED_MS 1500

/* A keyagent key that somebody asks for is in the keyring for a moment, and has no agent and no payload. */
static void unfinished_registration_is_none(void)
{
	int64_t end;
	atomic_ulong *searched;
	pid_t searcher;
	unsigned int i;

	set("refusal_s", "0");
	searched = mmap(NULL, sizeof(*searched), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(searched != MAP_FAILED, "mmap: %s", strerror(errno));
	searcher = fork_tied();
	if (!searcher)
		for (;; atomic_fetch_add(searched, 1))
			ks_request_key("keyagent", "user", "ks", KEY_SPEC_SESSION_KEYRING);
	enter_user_namespace();
	end = now_ms() + UNFINISHED_MS;
	for (i = 0; now_ms() < end; i++) {
		char description[64];

		snprintf(description, sizeof(description), "selftest:unfinished-%u", i);
		require(ks_request_key("user", description, "ks", KEY_SPEC_PROCESS_KEYRING) < 0 && errno == ENOKEY,
			"request %u got %s", i, strerrorname_np(errno));
	}
	kill(searcher, SIGKILL);
	wait_killed(searcher);
	require(atomic_load(searched) > 0, "nobody asked for a registration meanwhile");
}

const struct behaviour registration_behaviours[] = {
	{ "malformed-registrations-are-refused", malformed_registrations_are_refused },
	{ "queue-serves-one-registration", queue_serves_one_registration },
	{ "registrar-reattaches", registrar_reattaches },
	{ "reattaching-refuses-the-backlog", reattaching_refuses_the_backlog },
	{ "strangers-do-not-reattach", strangers_do_not_reattach },
	{ "reattaching-claims-no-more", reattaching_claims_no_more },
	{ "holders-withdraw-and-no-more", holders_withdraw_and_no_more },
	{ "nobody-is-asked-for-registrations", nobody_is_asked_for_registrations },
	{ "refused-registration-leaves-nothing", refused_registration_leaves_nothing },
	{ "unfinished-registration-is-none", unfinished_registration_is_none },
	{ NULL, NULL },
};
