// SPDX-License-Identifier: MIT
/*
 * own-agent-isolation: of two containers with an agent each, each is answered by its own; and an agent does not answer the other's
 * requests even when that one has lost its own, and has linked the stranger's registration (where registrations are keys).
 */
#include <errno.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

static void link_here(int channel, const void *argument)
{
	const ks_key_serial *key = argument;

	require(!ks_key_link(*key, KEY_SPEC_SESSION_KEYRING), "cannot link a stranger's registration: %s", strerror(errno));
	task_done(channel);
}

void check_own_agent_isolation(void)
{
	struct place one, other;
	struct agent of_one, of_other;
	struct reply replies[2], stranded, of_stranger, again;

	if (!has_agents()) {
		not_applicable("own-agent-answers-own", "this mechanism has no agents");
		not_applicable("own-agent-never-serves-other", "this mechanism has no agents");
		return;
	}
	one = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	other = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	of_one = agent_start(&one, &(struct agent_wish){ 0 });
	of_other = agent_start(&other, &(struct agent_wish){ 0 });
	replies[0] = ask_and_wait(&one, "user", "ks:check:one:0:0");
	replies[1] = ask_and_wait(&other, "user", "ks:check:other:0:0");
	decide(reply_is_of(&replies[0], &of_one) && reply_is_of(&replies[1], &of_other), "own-agent-answers-own",
	       "agent %u is container one's and agent %u container two's; one: %s; two: %s", of_one.id, of_other.id,
	       reply_text(&replies[0]), reply_text(&replies[1]));

	registration_withdraw(&other);
	agent_kill(&of_other);
	if (registration_is_key()) {
		ks_key_serial key = registration_key_for_all(&one);

		place_do(&other, link_here, &key, sizeof(key));
	}
	stranded = ask_and_wait(&other, "user", "ks:check:stranded:0:0");
	decide(!reply_is_of(&stranded, &of_one), "own-agent-never-serves-other",
	       "container two has lost its agent%s; its next request: %s (agent %u is container one's)",
	       registration_is_key() ? " and has linked the registration of container one's" : "", reply_text(&stranded), of_one.id);
	/* The stranger was there to be asked, as its own container's next request shows. */
	of_stranger = ask_and_wait(&one, "user", "ks:check:one:0:1");
	if (registration_is_key())
		registration_withdraw(&other);
	of_other = agent_start(&other, &(struct agent_wish){ 0 });
	again = ask_and_wait(&other, "user", "ks:check:other:0:1");
	fault_was("agent-of-another-container", reply_is_of(&of_stranger, &of_one), reply_is_of(&again, &of_other));
}
