// SPDX-License-Identifier: MIT
/*
 * helper-missing: the host's helper is not there, or has no rule for a key. Who depends on it (everybody, or whom no agent
 * serves, with fallback stock) is told at once, and the key stays negative for a while, so that asking again costs nothing; who
 * has an agent does not notice.
 */
#include <errno.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "host_helper.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* keyutils' rules are for descriptions that begin with "ks:", among others. */
#define UNRULED "unruled:check:helper:0:0"

static struct reply ask_here(const struct place *place, const char *description)
{
	struct task task = ask_in_session(place, description);

	return reply_within(&task, PATIENCE_MS + (int)mechanism.timeout_ms);
}

static bool is_told(const struct reply *reply)
{
	return (reply->error == ENOENT || reply->error == ENOKEY) && is_prompt(reply);
}

static bool gets_key(const struct place *place, const char *description)
{
	struct reply reply = ask_here(place, description);

	return !reply.error;
}

static void try_missing(const struct place *place)
{
	struct reply first, again;
	long before;
	bool served;

	host_helper_take_away();
	first = ask_here(place, "ks:check:missing:0:0");
	host_helper_put_back();
	before = counter("helper_execs");
	again = ask_here(place, "ks:check:missing:0:0");
	decide(is_told(&first), "missing-helper-is-told", "without /sbin/request-key: %s", reply_text(&first));
	decide(again.error == ENOKEY && counter("helper_execs") == before, "missing-helper-leaves-negative",
	       "the same key again, when the helper is back: %s; it was executed %ld times", reply_text(&again),
	       counter("helper_execs") - before);
	served = gets_key(place, "ks:check:missing:0:1");
	fault_was("helper-missing", first.error != 0, served);
}

static void try_without_rule(const struct place *place)
{
	long before = counter("helper_execs"), first_execs, again_execs;
	struct reply first, again;

	host_helper_use_images_own();
	first = ask_here(place, UNRULED);
	first_execs = counter("helper_execs") - before;
	again = ask_here(place, UNRULED);
	again_execs = counter("helper_execs") - before - first_execs;
	host_helper_put_back();
	decide(is_told(&first) && first_execs == 1, "no-rule-is-told",
	       "a key for which the helper's configuration has no rule: the helper was executed %ld times, %s", first_execs,
	       reply_text(&first));
	decide(again.error == ENOKEY && !again_execs, "no-rule-leaves-negative",
	       "the same key again: %s; the helper was executed %ld times", reply_text(&again), again_execs);
	fault_was("helper-without-rule", first.error != 0 && first_execs == 1, gets_key(place, "ks:check:unruled:0:1"));
}

static void try_with_agent(const struct place *place)
{
	struct agent agent = agent_start(place, &(struct agent_wish){ 0 });
	struct reply reply;

	host_helper_take_away();
	reply = ask_here(place, "ks:check:missing:0:2");
	host_helper_put_back();
	decide(reply_is_of(&reply, &agent), "agent-needs-no-helper",
	       "without /sbin/request-key, a request from a container with an agent: %s", reply_text(&reply));
}

void check_helper_missing(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);

	if (is_modules())
		set("fallback", "stock");
	try_missing(&container);
	try_without_rule(&container);
	if (has_agents())
		try_with_agent(&container);
	else
		not_applicable("agent-needs-no-helper", "this mechanism has no agents");
}
