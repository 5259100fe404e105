// SPDX-License-Identifier: MIT
/*
 * unwritable-keyring: the keyring that the key is to go to may not be written by the requester, whether it is named or the one
 * by default. It is told EACCES, and nobody is asked for a key that could not be kept.
 */
#include <errno.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "verdict.h"

#define READ_ONLY (KS_PERM_ALL & ~KS_PERM_WRITE)
/* A keyring that is not named. */
#define BY_DEFAULT 0

static void permit_session(int channel, const void *argument)
{
	const uint32_t *permissions = argument;

	require(!ks_key_set_permissions(KEY_SPEC_SESSION_KEYRING, KS_POSSESSOR(*permissions) | KS_USER(KS_PERM_VIEW | KS_PERM_READ)),
		"cannot change the permissions of a session keyring: %s", strerror(errno));
	task_done(channel);
}

static void permit(const struct place *place, uint32_t permissions)
{
	place_do(place, permit_session, &permissions, sizeof(permissions));
}

static void ask_into(int channel, const void *argument)
{
	const ks_key_serial *keyring = argument;
	int error = ks_request_key("user", "ks:check:unwritable:0:0", "ks", *keyring) < 0 ? errno : 0;

	require(write(channel, &error, sizeof(error)) == sizeof(error), "cannot tell what came of a request");
}

/* Only the task's own session keyring is there to be the default one: it has neither a process nor a thread keyring. */
static int error_into(const struct place *place, ks_key_serial keyring)
{
	struct task task = place_start(place, ask_into, &keyring, sizeof(keyring));
	int error;

	require(task_tells(&task, &error, sizeof(error), PATIENCE_MS), "a request into a keyring that may not be written has not ended");
	task_end(&task);
	return error;
}

void check_unwritable_keyring(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	long helpers = counter("helper_execs");
	int named, by_default;
	struct served next;
	bool asked;

	permit(&container, READ_ONLY);
	named = error_into(&container, KEY_SPEC_SESSION_KEYRING);
	by_default = error_into(&container, BY_DEFAULT);
	asked = actor_is_asked(&actor) || counter("helper_execs") != helpers;
	permit(&container, KS_PERM_ALL);
	decide(named == EACCES && by_default == EACCES, "unwritable-keyring-is-eacces",
	       "requests into a session keyring without write permission: named, %s; as the default, %s", error_text(named),
	       error_text(by_default));
	decide(!asked, "unwritable-keyring-asks-nobody", "of two such requests, %s was an upcall", asked ? "one at least" : "none");
	next = actor_serve(&actor, &container, "ks:check:unwritable:0:0", "writable again");
	fault_was("keyring-not-writable", (named == EACCES) + (by_default == EACCES),
		  next.asked && reply_says(&next.reply, "writable again"));
}
