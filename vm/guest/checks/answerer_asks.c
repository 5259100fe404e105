// SPDX-License-Identifier: MIT
/*
 * answerer-asks: whoever answers asks for a key itself, before it does. Nobody waits for ever, even when the one who would have to answer
 * that is the one who asks. And a key that is asked for by virtue of a request is asked for whoever made that: who answers the
 * second finds, as who answers the first does, what only the first's requester has.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "puppet.h"
#include "registration.h"
#include "stand_in.h"
#include "verdict.h"

/* A second agent serves it. A key type that every kernel has, whose keys the asker need not read. */
#define OTHER_TYPE "logon"
#define INNER "ks:check:inner:0:0"
/* What was asked for within a request has ended by then: two times of the module's, one after the other. */
#define END_MS (2 * (int)mechanism.timeout_ms + 3000 * slowness())

/* ---- steps ---- */

static int ask_inner(struct step *step)
{
	/* Where it goes is the kernel's choice. */
	return ks_request_key(*step->type ? step->type : "user", INNER, "ks", 0) < 0 ? errno : 0;
}

static int find_mark(struct step *step)
{
	(void)step;
	return ks_request_key("user", ASKERS_MARK, NULL, 0) < 0 ? errno : 0;
}

/* From here on the registration `serial` is the one that its own requests find. */
static int change_session(struct step *step)
{
	return ks_session_new() < 0 || ks_key_link(step->serial, KEY_SPEC_SESSION_KEYRING) ? errno : 0;
}

/* ---- */

static struct task ask_marked(const struct place *place, const char *description)
{
	struct question question = question_of(description);

	question.marked = true;
	return ask_question(place, &question);
}

/* An agent takes a request, and assumes the authority over it where there is one. */
static struct step take_up(const struct puppet *puppet, const struct task *request)
{
	struct step step;

	require(puppet_is_told_before(puppet, request, &step) && !puppet_does(puppet, puppet_assume, &step), "agent %u was told of no request",
		puppet->id);
	return step;
}

/* Returns how many inner requests somebody was told of. */
static long try_itself(const struct place *container)
{
	struct puppet puppet = puppet_agent(container);
	struct task request = ask_for(container, "user", "ks:check:outer:0:0");
	bool agent_ended, request_ended;
	long before, told;
	int error = 0;

	take_up(&puppet, &request);
	before = puppet_notifications(&puppet);
	puppet_begin(&puppet, ask_inner, NULL);
	told = puppet_is_notified(&puppet, before + 1);
	agent_ended = puppet_ended(&puppet, &error, NULL, END_MS);
	request_ended = task_ends(&request, END_MS);
	decide(agent_ended && request_ended, "recursion-ends",
	       "an agent that is to answer one request makes another, of which nobody but itself is told: after %d ms at most %s%s, and the first request %s",
	       END_MS, agent_ended ? "it got " : "it still waited", agent_ended ? strerrorname_np(error) : "",
	       request_ended ? "had ended" : "still waited");
	task_end(&request);
	puppet_kill(&puppet);
	return told;
}

/* One that the first agent's own requests go to, and not the container's. `wish`: for keys of which type. */
static struct puppet other_agent(const struct place *container, const struct puppet *first, struct step *wish)
{
	struct puppet other;
	int error;

	*wish = (struct step){ 0 };
	if (mechanism.route == ROUTE_SESSION_RFC) {
		/* Its module serves one key type only: what tells the two apart is the session keyring. */
		struct place session = place_new(container, 0, 0);
		struct step linked = { 0 };

		other = puppet_agent(&session);
		linked.serial = registration_key_for_all(&session);
		error = puppet_does(first, change_session, &linked);
	} else {
		snprintf(wish->type, sizeof(wish->type), OTHER_TYPE);
		other = puppet_start(container);
		error = puppet_does(&other, puppet_enlist, wish);
	}
	require(!error, "there cannot be a second agent: %s", strerror(error));
	return other;
}

static long try_context(const struct place *container)
{
	struct puppet puppet = puppet_agent(container), other;
	struct step wish, outer, inner;
	int unseen, acting, error, asked = 0;
	struct task request;
	struct reply reply;

	other = other_agent(container, &puppet, &wish);
	request = ask_marked(container, "ks:check:outer:0:1");
	unseen = puppet_does(&other, find_mark, NULL);
	require(unseen, "the requester's own key is found by who is told of nothing");
	outer = take_up(&puppet, &request);
	puppet_begin(&puppet, ask_inner, &wish);
	inner = take_up(&other, &request);
	acting = puppet_does(&other, find_mark, NULL);
	error = puppet_does(&other, puppet_instantiate, &inner);
	require(!error && puppet_ended(&puppet, &asked, NULL, END_MS) && !asked, "the inner request was not answered: %s, %s", strerror(error),
		strerror(asked));
	puppet_does(&puppet, puppet_instantiate, &outer);
	reply = reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
	decide(!acting && !reply.error, "recursion-keeps-context",
	       "an agent that is to answer one request makes another, of which a second agent is told: there a key that only the first's requester has is %s (before: %s); the first: %s",
	       acting ? strerrorname_np(acting) : "found", strerrorname_np(unseen), reply_text(&reply));
	puppet_kill(&puppet);
	puppet_kill(&other);
	return 1;
}

static void try_agents(const struct place *container)
{
	long told = try_itself(container);
	struct puppet puppet;

	if (mechanism.delivery == DELIVERY_FD_WRITE)
		not_applicable("recursion-keeps-context", "an agent is given no authority: what it asks for is its own affair");
	else
		told += try_context(container);
	puppet = puppet_agent(container);
	fault_was("answerer-asks", told, is_served(container, &puppet, "ks:check:after:0:0"));
}

static void try_helper(const struct place *container)
{
	long helpers = counter("helper_execs");
	struct task request;
	struct reply reply;
	bool ended;

	hanging_helper_install();
	request = ask_marked(container, STAND_IN_ASKS "0:0");
	ended = task_tells(&request, &reply, sizeof(reply), END_MS);
	helpers = counter("helper_execs") - helpers;
	task_end(&request);
	hanging_helper_remove();
	decide(ended, "recursion-ends", "the helper asks for a second key before it answers; %ld helpers were executed: %s", helpers,
	       ended ? reply_text(&reply) : "the request still waits");
	decide(ended && !reply.error, "recursion-keeps-context",
	       "the helper asks for a second key, and answers if the helper for that one has found a key that only the first's requester has: %s",
	       ended ? reply_text(&reply) : "the request still waits");
	/* The first of them was executed for the requester. */
	fault_was("answerer-asks", helpers - 1, is_served(container, NULL, "ks:check:after:0:0"));
}

void check_answerer_asks(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);

	if (has_agents())
		try_agents(&container);
	else
		try_helper(&container);
}
