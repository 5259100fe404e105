// SPDX-License-Identifier: MIT
/* linking-grants: linking an agent's key into a session keyring grants that session service, and unlinking takes it away. */
#include <errno.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

static void change_link(int channel, const void *argument)
{
	const ks_key_serial *key = argument;
	long result = *key > 0 ? ks_key_link(*key, KEY_SPEC_SESSION_KEYRING) : ks_key_unlink(-*key, KEY_SPEC_SESSION_KEYRING);

	require(!result, "cannot %s a registration: %s", *key > 0 ? "link" : "unlink", strerror(errno));
	task_done(channel);
}

/* A negative serial is unlinked. */
static void change(const struct place *place, ks_key_serial key)
{
	place_do(place, change_link, &key, sizeof(key));
}

void check_linking_grants(void)
{
	struct place with_agent, session;
	struct reply before, linked, unlinked;
	struct agent agent;
	ks_key_serial key;

	if (!has_agents() || !registration_is_key()) {
		not_applicable("linking-grants-service", "nothing is linked on this route");
		not_applicable("unlinking-withdraws-service", "nothing is linked on this route");
		return;
	}
	with_agent = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	/* The same container, another session: the rule who may serve is met, and linking alone decides. */
	session = place_new(&with_agent, 0, 0);
	agent = agent_start(&with_agent, &(struct agent_wish){ 0 });
	key = registration_key_for_all(&with_agent);
	before = ask_and_wait(&session, "user", "ks:check:before:0:0");
	change(&session, key);
	linked = ask_and_wait(&session, "user", "ks:check:linked:0:0");
	change(&session, -key);
	unlinked = ask_and_wait(&session, "user", "ks:check:unlinked:0:0");
	decide(!reply_is_of(&before, &agent) && reply_is_of(&linked, &agent), "linking-grants-service",
	       "before the link: %s; after it: %s (agent %u)", reply_text(&before), reply_text(&linked), agent.id);
	decide(reply_is_of(&linked, &agent) && !reply_is_of(&unlinked, &agent), "unlinking-withdraws-service",
	       "linked: %s; unlinked again: %s", reply_text(&linked), reply_text(&unlinked));
}
