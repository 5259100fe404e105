// SPDX-License-Identifier: MIT
/*
 * network-end: a network namespace is torn down with all that runs in it, in the middle of a request from there. The requester goes, the
 * namespace ends, and no key stays under construction, although whoever was asked holds on to the request elsewhere.
 *
 * On today's kernel the requester stays, and with it the namespace, for as long as the helper does.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "name_question.h"
#include "only_one.h"
#include "puppet.h"
#include "verdict.h"

/* What has been killed has gone by then. */
#define TEARDOWN_MS (3000 * slowness())

/* Its keys belong to a network namespace; but the RFC's module serves no such type. */
static const char *key_type(void)
{
	return mechanism.route == ROUTE_SESSION_RFC ? "user" : "dns_resolver";
}

/* In the container, in a network of its own; with the container's session keyring, and so with what is linked there. */
static struct place network_new(const struct place *container)
{
	return place_new_in_session(container, CLONE_NEWNET, 0);
}

/* Outside the network that is to end, it outlives that. */
static struct puppet agent_outside(const struct place *container)
{
	struct puppet puppet = puppet_start(container);
	struct step step = { 0 };
	int error;

	snprintf(step.type, sizeof(step.type), "%s", key_type());
	error = puppet_does(&puppet, puppet_enlist_any_network, &step);
	require(!error, "an agent for %s keys cannot register: %s", key_type(), strerror(error));
	return puppet;
}

static bool serves_new_network(const struct place *container, const struct puppet *puppet)
{
	struct place network = network_new(container);
	struct reply reply;
	bool served;

	if (puppet) {
		reply = puppet_serves(puppet, ask_for(&network, key_type(), "ks:check:next:0:0"));
		served = reply_is_of_puppet(&reply, puppet);
	} else {
		served = is_served(&network, NULL, "ks:check:next:0:0");
	}
	place_end(&network);
	return served;
}

void check_network_end(void)
{
	struct place container, network;
	struct puppet puppet, *agent = NULL;
	struct task request;
	struct step step;
	bool gone, ended, served;
	pid_t helper = 0;
	long hits;

	if (mechanism.route != ROUTE_SESSION_RFC)
		name_questions_prepare();
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	only_one_allow(&container, &only_one_net);
	network = network_new(&container);
	require(only_one_more(&container, &only_one_net) == ENOSPC, "the number of network namespaces is not limited: nothing would be seen");
	if (has_agents()) {
		puppet = agent_outside(&container);
		agent = &puppet;
	} else {
		hanging_helper_install();
	}
	request = ask_for(&network, key_type(), "ks:check:torn:0:0");
	if (agent)
		require(puppet_is_told_before(agent, &request, &step), "the agent was not told of the request");
	else
		helper = hanging_helper_await();
	hits = !task_has_told(&request);
	place_end(&network);
	gone = task_ends(&request, TEARDOWN_MS);
	ended = only_one_ends(&container, &only_one_net, now_ms() + TEARDOWN_MS);
	decide(gone, "dead-network-ends-request", "all that ran in a network namespace was killed in the middle of a request from there, which %s had been told of; the requester %s %d ms",
	       agent ? "an agent" : "the helper", gone ? "was gone within" : "was still there after", TEARDOWN_MS);
	decide(ended, "dead-network-is-not-pinned", "its network namespace %s %d ms, the request being unanswered", ended ? "had ended within" : "was still there after",
	       TEARDOWN_MS);
	if (helper) {
		kill(helper, SIGKILL);
		hanging_helper_remove();
	}
	task_end(&request);
	only_one_lift(&container, &only_one_net);
	served = serves_new_network(&container, agent);
	decide(key_quota_settles(PLACE_FIRST_ID), "dead-network-leaves-no-key", "when %s and another request had been %s, %ld keys of its user are under construction",
	       helper ? "the helper was killed as well" : "its requester was gone", served ? "served" : "made", key_quota_of(PLACE_FIRST_ID).unfinished);
	fault_was("network-torn-down", hits, served);
}
