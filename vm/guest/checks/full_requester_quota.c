// SPDX-License-Identifier: MIT
/*
 * full-requester-quota: who may have no more keys, or no more bytes of them, is told so at once (EDQUOT), and nobody else is told of the
 * request: neither an agent nor the host's helper.
 */
#include <errno.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "puppet.h"
#include "verdict.h"

/* What the container has; it is then allowed half of it. */
#define KEYS 40
#define BYTES 500

static bool is_edquot(const struct reply *reply)
{
	return reply->error == EDQUOT && is_prompt(reply);
}

void check_full_requester_quota(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct reply no_keys, no_bytes;
	struct puppet puppet, *agent = NULL;
	long helpers, told;

	if (has_agents()) {
		puppet = puppet_agent(&container);
		agent = &puppet;
	}
	require(is_served(&container, agent, "ks:check:quota:0:0"), "requests are not served, whatever the quota");
	key_quota_use(&container, KEYS, BYTES);
	helpers = counter("helper_execs");
	told = agent ? puppet_notifications(agent) : 0;
	key_quota_limit_keys(KEYS / 2);
	no_keys = ask_and_wait(&container, "user", "ks:check:quota:0:1");
	key_quota_unlimit();
	key_quota_limit_bytes(KEYS * BYTES / 2);
	no_bytes = ask_and_wait(&container, "user", "ks:check:quota:0:2");
	key_quota_unlimit();
	told = agent ? puppet_notifications(agent) - told : 0;
	helpers = counter("helper_execs") - helpers;
	decide(is_edquot(&no_keys) && is_edquot(&no_bytes), "full-quota-is-edquot",
	       "a container with %d keys that may have %d: %s; with %d bytes of them that may have half: %s", KEYS, KEYS / 2,
	       reply_text(&no_keys), KEYS * BYTES, reply_text(&no_bytes));
	decide(told == 0 && helpers == 0, "full-quota-tells-nobody",
	       "of two requests by a container whose quota is full the agent was notified of %ld, and the host's helper was executed %ld times",
	       told, helpers);
	fault_was("full-requester-quota", is_edquot(&no_keys) + is_edquot(&no_bytes), is_served(&container, agent, "ks:check:quota:0:3"));
}
