// SPDX-License-Identifier: MIT
/* Errors that reach the requester, and registrations that no longer hold. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "behaviours.h"
#include "harness.h"

/* Lifetimes of keys end with a second of the wall clock, so this may be one less. */
#define REJECTED_S (3 * slowness())

static void rejection_is_exact_fd(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:reject");
	take(queue, &message);
	require(!answer(queue, message.request.serial, EHOSTUNREACH, (unsigned int)REJECTED_S, NULL, 0), "the rejection was refused");
	require_error(&asker, EHOSTUNREACH, PATIENCE_MS);

	asker = ask("selftest:reject");
	require_error(&asker, EHOSTUNREACH, PROMPT_MS);
	require(nothing_to_take(queue), "a request in the time of the rejection reached the agent");
	sleep_ms(1000 * REJECTED_S + 1100);
	asker = ask("selftest:reject");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "better now"), "the answer was refused");
	require_payload(&asker, "better now");
}

static void rejection_is_exact_signal(void)
{
	struct asker asker;
	ks_key_serial key;

	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	asker = ask("selftest:reject-signal");
	key = take_signal();
	require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) > 0, "cannot assume the authority");
	require(syscall(SYS_keyctl, KEYCTL_REJECT, key, 1, 512, 0) < 0 && errno == EINVAL, "rejecting with 512 is not EINVAL");
	require(syscall(SYS_keyctl, KEYCTL_REJECT, key, 1, 0, 0) < 0 && errno == EINVAL, "rejecting with 0 is not EINVAL");
	require(still_waiting(&asker), "the requester did not go on waiting");
	require(!syscall(SYS_keyctl, KEYCTL_REJECT, key, 1, EKEYEXPIRED, 0), "the rejection was refused");
	require_error(&asker, EKEYEXPIRED, PATIENCE_MS);
}

/* Fallback stock throughout: whatever held once is never followed by the host's helper. */
static void revoked_registration_is_ekeyrevoked(void)
{
	long helpers = counter("helper_execs");
	int queue = open_queue();
	struct message message;
	struct asker asker;
	ks_key_serial key;

	set("fallback", "stock");
	key = register_agent("fd-write:%d", queue);
	asker = ask("selftest:revoked-in-flight");
	take(queue, &message);
	require(!syscall(SYS_keyctl, KEYCTL_REVOKE, key), "revoke: %s", strerror(errno));
	require_error(&asker, EKEYREVOKED, PROMPT_MS);
	asker = ask("selftest:revoked");
	require_error(&asker, EKEYREVOKED, PROMPT_MS);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
}

static void expired_registration_is_ekeyexpired(void)
{
	long helpers = counter("helper_execs");
	int queue = open_queue();
	struct asker asker;
	ks_key_serial key;

	set("fallback", "stock");
	key = register_agent("fd-write:%d", queue);
	require(!syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, 1), "set timeout: %s", strerror(errno));
	sleep_ms(1100);
	asker = ask("selftest:expired");
	require_error(&asker, EKEYEXPIRED, PROMPT_MS);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
}

/* As with other keys: what is updated does not expire when its old payload would have. */
static void updated_registration_expires_no_more(void)
{
	int queue = open_queue(), fresh = open_queue();
	struct message message;
	struct asker asker;
	ks_key_serial key = register_agent("fd-write:%d", queue);

	require(!syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, 1), "set timeout: %s", strerror(errno));
	sleep_ms(1100);
	require(register_agent("fd-write:%d", fresh) == key, "it was not the expired registration that was updated");
	asker = ask("selftest:live-again");
	take(fresh, &message);
	require(!answer_text(fresh, message.request.serial, "again"), "the answer was refused");
	require_payload(&asker, "again");
}

static void revoked_agent_keyring_is_refused(void)
{
	long helpers = counter("helper_execs");
	struct asker asker;

	set("fallback", "stock");
	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	require(!syscall(SYS_keyctl, KEYCTL_REVOKE, KEY_SPEC_PROCESS_KEYRING), "revoke: %s", strerror(errno));
	asker = ask("selftest:agent-keyring");
	require_error(&asker, EKEYREVOKED, PROMPT_MS);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
}

static void unlinked_registration_is_absent(void)
{
	long refused, stock = counter("fallback_stock");
	int queue = open_queue();
	struct message message;
	struct asker asker;
	ks_key_serial key = register_agent("fd-write:%d", queue);

	asker = ask("selftest:unlinked-in-flight");
	take(queue, &message);
	require(!ks_key_unlink(key, KEY_SPEC_SESSION_KEYRING), "unlink: %s", strerror(errno));
	require_error(&asker, ENOKEY, PROMPT_MS);
	refused = counter("dead");
	asker = ask("selftest:unlinked");
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(counter("fallback_stock") == stock + 1, "the request did not take the fallback");
	require(counter("dead") == refused, "a withdrawn agent counts as dead");
}

const struct behaviour refusal_behaviours[] = {
	{ "rejection-is-exact-fd", rejection_is_exact_fd },
	{ "rejection-is-exact-signal", rejection_is_exact_signal },
	{ "revoked-registration-is-ekeyrevoked", revoked_registration_is_ekeyrevoked },
	{ "expired-registration-is-ekeyexpired", expired_registration_is_ekeyexpired },
	{ "updated-registration-expires-no-more", updated_registration_expires_no_more },
	{ "revoked-agent-keyring-is-refused", revoked_agent_keyring_is_refused },
	{ "unlinked-registration-is-absent", unlinked_registration_is_absent },
	{ NULL, NULL },
};
