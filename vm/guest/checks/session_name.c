// SPDX-License-Identifier: MIT
/*
 * session-name: an engine names a container's session keyring, and whoever knows the name may try to join it: from another
 * container, from the host, and between containers that share a user namespace, where names are looked up. Each gets a new
 * keyring instead, in which there is nothing of the other's: neither its keys nor its agent.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "crun.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

#define NAME_MAX_SIZE 64
#define SECRET "ks-check-secret"
#define BUT_USER (CONTAINER_NAMESPACES & ~CLONE_NEWUSER)

struct session {
	ks_key_serial serial;
	char name[NAME_MAX_SIZE];
};

/* What came of joining by name. */
struct joined {
	ks_key_serial serial;
	bool sees;	/* the other's secret */
	struct reply reply;
};

/* "keyring;uid;gid;permissions;name" */
static void tell_session(int channel)
{
	struct session session = { .serial = ks_keyring_id(KEY_SPEC_SESSION_KEYRING) };
	char described[256] = "", *name;

	require(ks_add_key("user", SECRET, "secret", strlen("secret"), KEY_SPEC_SESSION_KEYRING) > 0,
		"cannot keep a secret: %s", strerror(errno));
	require(syscall(SYS_keyctl, KEYCTL_DESCRIBE, session.serial, described, sizeof(described) - 1) > 0,
		"cannot describe a session keyring: %s", strerror(errno));
	name = strrchr(described, ';');
	require(name, "a session keyring describes itself as '%s'", described);
	snprintf(session.name, sizeof(session.name), "%s", name + 1);
	require(write(channel, &session, sizeof(session)) == sizeof(session), "cannot tell of a session keyring");
}

static void keep_secret(int channel, const void *argument)
{
	(void)argument;
	tell_session(channel);
}

/* Stays: the session keyring of that name is this process's. */
static void keep_secret_under(int channel, const void *argument)
{
	require(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, argument) > 0, "cannot name a session keyring: %s", strerror(errno));
	tell_session(channel);
	for (;;)
		pause();
}

static void join(int channel, const void *argument)
{
	struct joined joined = { 0 };
	struct reply *reply = &joined.reply;

	joined.serial = (ks_key_serial)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, argument);
	require(joined.serial > 0, "cannot join a session keyring by name: %s", strerror(errno));
	joined.sees = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, "user", SECRET) > 0;
	reply->key = ks_request_key("user", "ks:check:joined:0:0", "ks", KEY_SPEC_PROCESS_KEYRING);
	reply->error = reply->key < 0 ? errno : 0;
	if (reply->key > 0)
		reply->size = ks_key_read(reply->key, reply->payload, sizeof(reply->payload) - 1);
	require(write(channel, &joined, sizeof(joined)) == sizeof(joined), "cannot tell what came of joining");
}

static struct session hear(const struct task *task)
{
	struct session session;

	require(task_tells(task, &session, sizeof(session), PATIENCE_MS), "nobody told of a session keyring");
	return session;
}

static struct joined join_from(const struct place *place, const char *name)
{
	struct task task = place_start(place, join, name, strlen(name) + 1);
	struct joined joined;

	require(task_tells(&task, &joined, sizeof(joined), 2 * PATIENCE_MS + (int)mechanism.timeout_ms), "joining by name has not ended");
	task_end(&task);
	return joined;
}

static bool is_new(const struct joined *joined, const struct session *session)
{
	return joined->serial != session->serial && !joined->sees;
}

static const char *got(const struct joined *joined, const struct session *session)
{
	return is_new(joined, session) ? "a new keyring" : "that very keyring";
}

void check_session_name(void)
{
	struct place owner = crun_place(PLACE_FIRST_ID), other = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct place host = place_new(NULL, 0, 0), one = place_new(NULL, BUT_USER, 0), two = place_new(NULL, BUT_USER, 0);
	struct agent agent = { 0 };
	struct task keeper, neighbour;
	struct session session, beside;
	struct joined by_other, by_host, by_neighbour;
	struct reply after;

	keeper = place_start(&owner, keep_secret, NULL, 0);
	session = hear(&keeper);
	task_end(&keeper);
	if (has_agents())
		agent = agent_start(&owner, &(struct agent_wish){ 0 });
	by_other = join_from(&other, session.name);
	by_host = join_from(&host, session.name);
	neighbour = place_start(&one, keep_secret_under, "ks-check-beside", sizeof("ks-check-beside"));
	beside = hear(&neighbour);
	by_neighbour = join_from(&two, beside.name);
	decide(is_new(&by_other, &session) && is_new(&by_host, &session) && is_new(&by_neighbour, &beside),
	       "session-name-gives-new-keyring",
	       "the name '%s' of a container's session gave another container %s and the host %s; between two containers in one user "
	       "namespace such a name gave %s",
	       session.name, got(&by_other, &session), got(&by_host, &session), got(&by_neighbour, &beside));
	if (has_agents())
		decide(!reply_is_of(&by_other.reply, &agent), "session-name-gives-no-service",
		       "in the keyring that it got by name, the other container's request: %s (agent %u is that of the container so named)",
		       reply_text(&by_other.reply), agent.id);
	else
		not_applicable("session-name-gives-no-service", "the host's helper serves everybody, whatever the session");
	after = ask_and_wait(&owner, "user", "ks:check:owner:0:0");
	fault_was("join-by-name", (by_other.serial > 0) + (by_host.serial > 0) + (by_neighbour.serial > 0),
		  has_agents() ? reply_is_of(&after, &agent) : !after.error);
}
