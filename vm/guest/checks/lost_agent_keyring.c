// SPDX-License-Identifier: MIT
/*
 * lost-agent-keyring: what entitles an agent is linked in its process keyring. If that is revoked, or cleared when the agent has been
 * told and before it answers, the request is refused, and never goes on to the host's helper.
 */
#include <errno.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "puppet.h"
#include "verdict.h"

/* Who is refused has been by then. */
#define REFUSAL_MS (3000 * slowness())

/* `number`: it is seen to be revoked. */
static int revoke_keyring(struct step *step)
{
	char links[64];

	if (syscall(SYS_keyctl, KEYCTL_REVOKE, KEY_SPEC_PROCESS_KEYRING))
		return errno;
	step->number = ks_key_read(KEY_SPEC_PROCESS_KEYRING, links, sizeof(links)) < 0 && errno == EKEYREVOKED;
	return 0;
}

static int clear_keyring(struct step *step)
{
	(void)step;
	return ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING) ? errno : 0;
}

/* One that is known to have a process keyring: it has answered by what was linked there. */
static struct puppet serving_agent(const struct place *container, const char *description)
{
	struct puppet puppet = puppet_agent(container);

	require(is_served(container, &puppet, description), "requests are not served, whatever the agent's keyring");
	return puppet;
}

/* What came of a request within `ms`, its error being the one expected, and the host's helper not asked. */
static void decide_refusal(struct task *request, int error, int ms, long helpers, const char *property, const char *what)
{
	struct reply reply;
	bool ended = task_tells(request, &reply, sizeof(reply), ms);

	task_end(request);
	helpers = counter("helper_execs") - helpers;
	if (!ended)
		violated(property, "%s: the request still waited after %d ms", what, ms);
	else
		decide(reply.error == error && helpers == 0, property, "%s: %s; the host's helper was executed %ld times", what,
		       reply_text(&reply), helpers);
}

static void try_revoked(const struct place *container)
{
	struct puppet puppet = serving_agent(container, "ks:check:lost:0:0");
	long helpers = counter("helper_execs");
	struct step step = { 0 }, told;
	struct task request;
	int error = puppet_does(&puppet, revoke_keyring, &step);

	require(!error, "an agent cannot revoke its process keyring: %s", strerror(error));
	request = ask_for(container, "user", "ks:check:lost:0:1");
	/* With fd-keyctl it is the look that the link is made for. */
	if (mechanism.delivery == DELIVERY_FD_KEYCTL)
		puppet_is_told_before(&puppet, &request, &told);
	decide_refusal(&request, EKEYREVOKED, REFUSAL_MS, helpers, "revoked-keyring-refuses", "the agent's process keyring is revoked");
	puppet_kill(&puppet);
	puppet = puppet_agent(container);
	fault_was("revoked-agent-keyring", step.number, is_served(container, &puppet, "ks:check:lost:0:2"));
	puppet_kill(&puppet);
}

static void try_cleared(const struct place *container)
{
	struct puppet puppet = serving_agent(container, "ks:check:lost:0:3");
	struct task request = ask_for(container, "user", "ks:check:lost:0:4");
	long helpers = counter("helper_execs");
	struct step step;
	int error, assumed;

	require(puppet_is_told_before(&puppet, &request, &step), "the agent was told of no request");
	error = puppet_does(&puppet, clear_keyring, NULL);
	require(!error, "an agent cannot clear its process keyring: %s", strerror(error));
	assumed = puppet_does(&puppet, puppet_assume, &step);
	/* Nobody can answer it any more: the module's time runs out. */
	decide_refusal(&request, ENOKEY, (int)mechanism.timeout_ms + REFUSAL_MS, helpers, "cleared-keyring-refuses",
		       "the agent's process keyring is cleared when it has been told");
	puppet_kill(&puppet);
	puppet = puppet_agent(container);
	fault_was("cleared-agent-keyring", assumed == ENOKEY, is_served(container, &puppet, "ks:check:lost:0:5"));
}

void check_lost_agent_keyring(void)
{
	struct place container;

	if (!has_agents() || mechanism.delivery == DELIVERY_FD_WRITE) {
		const char *why = has_agents() ? "its agents need no keyring" : "there are no agents";

		not_applicable("revoked-keyring-refuses", "%s", why);
		not_applicable("cleared-keyring-refuses", "%s", why);
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	try_revoked(&container);
	try_cleared(&container);
}
