// SPDX-License-Identifier: MIT
/* fallbacks: what becomes of a request without an agent is what was declared: today's helper, or a refusal at the boundary. */
#include <errno.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* Requests that met no agent, so far. To the RFC's module that is the helper's affair. */
static long unserved(void)
{
	return is_modules() ? counter("fallback_stock") + counter("fallback_refused") : counter("helper_execs");
}

static void try_refusal(const struct place *container)
{
	long before = counter("helper_execs");
	struct reply reply;

	set("fallback", "refuse");
	reply = ask_and_wait(container, "user", "ks:check:refuse:0:0");
	decide(counter("helper_execs") == before && reply.error == ENOKEY && is_prompt(&reply), "fallback-refuse",
	       "a request without an agent executed the helper %ld times: %s", counter("helper_execs") - before, reply_text(&reply));
}

void check_fallbacks(void)
{
	struct place container;
	struct agent agent;
	struct reply reply;
	long before, met_none;

	if (!has_agents()) {
		not_applicable("fallback-stock", "nothing can be absent: this mechanism has no agents");
		not_applicable("fallback-refuse", "nothing can be absent: this mechanism has no agents");
		return;
	}
	met_none = unserved();
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	if (is_modules())
		set("fallback", "stock");
	before = counter("helper_execs_init");
	reply = ask_and_wait(&container, "user", "ks:check:stock:0:0");
	decide(counter("helper_execs_init") == before + 1 && !reply.error, "fallback-stock",
	       "a request without an agent executed the helper in the init namespaces %ld times: %s",
	       counter("helper_execs_init") - before, reply_text(&reply));
	if (is_modules())
		try_refusal(&container);
	else
		not_applicable("fallback-refuse", "the RFC knows no other fallback than today's helper");
	met_none = unserved() - met_none;
	agent = agent_start(&container, &(struct agent_wish){ 0 });
	reply = ask_and_wait(&container, "user", "ks:check:agent:0:0");
	fault_was("no-agent", met_none, reply_is_of(&reply, &agent));
}
