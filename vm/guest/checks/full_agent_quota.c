// SPDX-License-Identifier: MIT
/*
 * full-agent-quota: an agent is entitled by a link in a keyring of its own, which its quota pays for. When that is full, a requester
 * with a quota of its own, another user, gets EDQUOT at once; no key stays half built, and the host's helper is not asked instead.
 */
#include <errno.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "puppet.h"
#include "verdict.h"

#define KEYS 10
#define BYTES 1000
#define REQUESTER_UID 1000
#define REQUESTS 3

/* The agent goes on looking: with fd-keyctl it is its look that the link is made for. */
static struct reply ask_as_user(const struct place *container, const struct puppet *puppet, const char *description)
{
	struct question question = question_of(description);

	question.uid = REQUESTER_UID;
	return puppet_serves(puppet, ask_question(container, &question));
}

void check_full_agent_quota(void)
{
	struct place container;
	struct puppet puppet;
	struct reply reply;
	int refused = 0;
	bool settles;
	long helpers;

	if (!has_agents() || mechanism.delivery == DELIVERY_FD_WRITE) {
		const char *why = has_agents() ? "nothing of the agent's is linked anywhere: no quota is involved" : "there are no agents";

		not_applicable("full-agent-quota-is-edquot", "%s", why);
		not_applicable("full-agent-quota-leaves-no-key", "%s", why);
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	puppet = puppet_agent(&container);
	reply = ask_as_user(&container, &puppet, "ks:check:quota:0:0");
	require(reply_is_of_puppet(&reply, &puppet), "requests of the user are not served, whatever the quota: %s", reply_text(&reply));
	key_quota_use(&container, KEYS, BYTES);
	helpers = counter("helper_execs");
	key_quota_limit_bytes(KEYS * BYTES / 2);
	for (int i = 0; i < REQUESTS; i++) {
		reply = ask_as_user(&container, &puppet, "ks:check:quota:0:1");
		refused += reply.error == EDQUOT && is_prompt(&reply);
	}
	settles = key_quota_settles(PLACE_FIRST_ID + REQUESTER_UID);
	key_quota_unlimit();
	decide(refused == REQUESTS && counter("helper_execs") == helpers, "full-agent-quota-is-edquot",
	       "of %d requests to an agent whose quota is full %d were EDQUOT at once, the last: %s; the host's helper was executed %ld times",
	       REQUESTS, refused, reply_text(&reply), counter("helper_execs") - helpers);
	decide(settles, "full-agent-quota-leaves-no-key", "after %d such requests %ld keys of the requester are under construction", REQUESTS,
	       key_quota_of(PLACE_FIRST_ID + REQUESTER_UID).unfinished);
	reply = ask_as_user(&container, &puppet, "ks:check:quota:0:2");
	fault_was("full-agent-quota", refused, reply_is_of_puppet(&reply, &puppet));
}
