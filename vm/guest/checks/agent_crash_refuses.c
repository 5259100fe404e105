// SPDX-License-Identifier: MIT
/*
 * agent-crash-refuses: a registration outlives its agent. Dead, it refuses at once and never lets a request go on to the
 * host; only withdrawn it is absent, and then the fallback takes over. The fallback is stock here: refusing is the agent's.
 * And the key that nobody made because of it is to be had soon after there is an answerer again.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "../common/clock.h"
#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "puppet.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

/* A request whose answerer was killed has ended by then, or waits for the timeout at best, which is far longer. */
#define CRASH_MS (3000 * slowness())

/*
 * The module's refusals stay for a second; the kernel's own, of a helper that ended without an answer, for a minute
 * (key_negative_timeout in security/keys/request_key.c). Far from both.
 */
#define AGAIN_MS (slowness() < 4 ? 5000 * slowness() : 20000)
#define BETWEEN_MS 200

/* In the session keyring of the place, where the next who asks finds what became of it. */
#define CRASHED "ks:check:crash:0:0"

static void try_dead(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct agent agent = agent_start(&container, &(struct agent_wish){ 0 });
	struct reply served = ask_and_wait(&container, "user", "ks:check:live:0:0"), reply;
	long before;

	require(reply_is_of(&served, &agent), "a live agent does not answer: %s", reply_text(&served));
	agent_kill(&agent);
	before = counter("helper_execs");
	reply = ask_and_wait(&container, "user", "ks:check:dead:0:0");
	decide(counter("helper_execs") == before && reply.error == ENOKEY && is_prompt(&reply), "dead-agent-never-escapes",
	       "fallback stock, agent killed: the next request executed the host's helper %ld times: %s",
	       counter("helper_execs") - before, reply_text(&reply));
	if (mechanism.route == ROUTE_SESSION_RFC) {
		not_applicable("withdrawn-falls-back", "the first request that meets a dead agent revokes its key: nothing is left to withdraw");
		place_end(&container);
		return;
	}
	/* Else what is dead refuses still, whatever is said about absence. */
	before = counter("helper_execs_init");
	registration_withdraw(&container);
	reply = ask_and_wait(&container, "user", "ks:check:withdrawn:0:0");
	decide(counter("helper_execs_init") == before + 1, "withdrawn-falls-back",
	       "fallback stock, registration withdrawn: the next request executed the host's helper %ld times: %s",
	       counter("helper_execs_init") - before, reply_text(&reply));
	place_end(&container);
}

/* The request is known to wait for its answerer when that one is killed. */
static void decide_crash(struct task *request, long helpers_before, const char *who)
{
	struct reply reply;
	bool ended = task_tells(request, &reply, sizeof(reply), CRASH_MS);

	task_end(request);
	if (!ended)
		violated("crash-ends-request", "%s was killed in the middle of a request, which still waited %d ms later", who, CRASH_MS);
	else
		decide(reply.error != 0 && counter("helper_execs") == helpers_before, "crash-ends-request",
		       "%s was killed in the middle of a request, which got %s; the host's helper was executed %ld times afterwards",
		       who, reply_text(&reply), counter("helper_execs") - helpers_before);
}

/* Whoever was killed while it was to make the key has a successor. */
static void decide_again(const struct place *place)
{
	uint64_t begun = ks_now(), ms;
	struct reply reply;

	do {
		struct task request = ask_in_session(place, CRASHED);
		bool ended = task_tells(&request, &reply, sizeof(reply), CRASH_MS);

		task_end(&request);
		ms = (ks_now() - begun) / KS_NS_PER_MS;
		if (!ended) {
			violated("crashed-key-is-served", "the key that was to be made, asked for when there was an answerer again: still waited %d ms later", CRASH_MS);
			return;
		}
		if (reply.error)
			sleep_ms(BETWEEN_MS);
	} while (reply.error && ms < (uint64_t)AGAIN_MS);
	decide(!reply.error, "crashed-key-is-served",
	       "the key that was to be made, asked for every %d ms when there was an answerer again: %s, %" PRIu64 " ms after the first time",
	       BETWEEN_MS, reply.error ? error_text(reply.error) : "there", ms);
}

/* It is told of the request, and does not take it before it dies. Whether the next agent serves again. */
static bool try_crash_of_agent(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct agent agent = agent_start(&container, &(struct agent_wish){ 0 });
	long before = counter("helper_execs");
	struct task request;
	struct reply served;

	task_stop(&agent.task);
	request = ask_in_session(&container, CRASHED);
	require(!task_ends(&request, HANGING_MS), "the request of a stopped agent has ended");
	agent_kill(&agent);
	decide_crash(&request, before, "the agent");
	agent = agent_start(&container, &(struct agent_wish){ 0 });
	served = ask_and_wait(&container, "user", "ks:check:restarted:0:0");
	decide_again(&container);
	place_end(&container);
	return reply_is_of(&served, &agent);
}

static void try_crash_of_helper(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct task request;
	pid_t helper;
	bool hit;

	hanging_helper_install();
	request = ask_in_session(&container, CRASHED);
	helper = hanging_helper_await();
	hit = !kill(helper, SIGKILL);
	decide_crash(&request, counter("helper_execs"), "the helper");
	hanging_helper_remove();
	fault_was("answerer-killed", hit, is_served(&container, NULL, "ks:check:restarted:0:0"));
	decide_again(&container);
	place_end(&container);
}

void check_agent_crash_refuses(void)
{
	bool served;
	long dead;

	if (!has_agents()) {
		not_applicable("dead-agent-never-escapes", "this mechanism has no agents, nor a state in which one is dead");
		not_applicable("withdrawn-falls-back", "this mechanism has no agents, nor registrations of them");
		try_crash_of_helper();
		return;
	}
	if (is_modules())
		set("fallback", "stock");
	dead = counter("dead");
	try_dead();
	served = try_crash_of_agent();
	/* To the RFC a dead agent is none: what counts is the request that was seen to wait for it. */
	fault_was("answerer-killed", is_modules() ? counter("dead") - dead : 1, served);
}
