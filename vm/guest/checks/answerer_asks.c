// SPDX-License-Identifier: MIT
/*
 * answerer-asks: whoever answers asks for a key itself, before it does. Nobody waits for ever, even when the one who would have to answer
 * that is the one who asks; and a key that is asked for by virtue of a request belongs to who made the request: it goes to the
 * keyring that the requester has named.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "puppet.h"
#include "stand_in.h"
#include "verdict.h"

/* A second agent serves it. A key type that every kernel has, whose keys the asker need not read. */
#define OTHER_TYPE "logon"
#define INNER STAND_IN_ANSWERS "inner"
/* What was asked for within a request has ended by then: two times of the module's, one after the other. */
#define END_MS (2 * (int)mechanism.timeout_ms + 3000 * slowness())

struct found {
	char type[32];
};

static int ask_inner(struct step *step)
{
	/* Where it goes is the kernel's choice. */
	return ks_request_key(*step->type ? step->type : "user", INNER, "ks", 0) < 0 ? errno : 0;
}

static void search(int channel, const void *argument)
{
	const struct found *found = argument;
	ks_key_serial key = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, found->type, INNER);

	require(write(channel, &key, sizeof(key)) == sizeof(key), "cannot tell a serial");
}

/* Whether the inner key is in the session keyring of the place, which requesters there name. */
static bool is_requesters(const struct place *place, const char *type)
{
	struct found found;
	ks_key_serial key;
	struct task task;

	snprintf(found.type, sizeof(found.type), "%s", type);
	task = place_start(place, search, &found, sizeof(found));
	require(task_tells(&task, &key, sizeof(key), PATIENCE_MS), "nobody told whether the key was found");
	task_end(&task);
	return key > 0;
}

static struct task ask_outer(const struct place *place, const char *description)
{
	struct question question = question_of(description);

	question.keyring = KEY_SPEC_SESSION_KEYRING;
	return ask_question(place, &question);
}

static void decide_context(bool found, const char *who, const struct reply *reply)
{
	decide(found && !reply->error, "recursion-keeps-context",
	       "%s asked for a second key while it had assumed the authority over the first; the first: %s; the second %s in the keyring that the first's requester has named",
	       who, reply_text(reply), found ? "is" : "is not");
}

/* Returns how many inner requests somebody was told of. */
static long try_itself(const struct place *container)
{
	struct puppet puppet = puppet_agent(container);
	struct task request = ask_for(container, "user", "ks:check:outer:0:0");
	long before, told;
	struct step step;
	bool agent_ended, request_ended;
	int error = 0;

	require(puppet_is_told_before(&puppet, &request, &step) && !puppet_does(&puppet, puppet_assume, &step), "the agent was told of no request");
	before = puppet_notifications(&puppet);
	puppet_begin(&puppet, ask_inner, NULL);
	told = puppet_is_notified(&puppet, before + 1);
	agent_ended = puppet_ended(&puppet, &error, NULL, END_MS);
	request_ended = task_ends(&request, END_MS);
	decide(agent_ended && request_ended, "recursion-ends",
	       "an agent that is to answer one request makes another, of which nobody but itself is told: after %d ms at most it %s, and the first requester %s",
	       END_MS, agent_ended ? strerrorname_np(error) : "still waited", request_ended ? "had an answer" : "still waited");
	task_end(&request);
	puppet_kill(&puppet);
	return told;
}

static long try_context(const struct place *container)
{
	struct puppet puppet = puppet_agent(container), other = puppet_start(container);
	struct step wish = { .type = OTHER_TYPE }, step, inner;
	struct task request;
	struct reply reply;
	int error = puppet_does(&other, puppet_enlist, &wish), asked = 0;

	require(!error, "an agent for keys of type " OTHER_TYPE " cannot register: %s", strerror(error));
	request = ask_outer(container, "ks:check:outer:0:1");
	require(puppet_is_told_before(&puppet, &request, &step) && !puppet_does(&puppet, puppet_assume, &step), "the agent was told of no request");
	puppet_begin(&puppet, ask_inner, &wish);
	require(puppet_is_told_before(&other, &request, &inner), "the other agent was told of no request");
	error = puppet_does(&other, puppet_answer, &inner);
	require(!error && puppet_ended(&puppet, &asked, NULL, END_MS) && !asked, "the inner request was not answered: %s, %s", strerror(error),
		strerror(asked));
	puppet_does(&puppet, puppet_instantiate, &step);
	reply = reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
	decide_context(is_requesters(container, OTHER_TYPE), "an agent", &reply);
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
	else if (mechanism.route == ROUTE_SESSION_RFC)
		not_applicable("recursion-keeps-context", "its module serves the key type user only: there is no second agent to be asked");
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
	request = ask_outer(container, STAND_IN_ASKS "inner");
	ended = task_tells(&request, &reply, sizeof(reply), END_MS);
	helpers = counter("helper_execs") - helpers;
	task_end(&request);
	hanging_helper_remove();
	decide(ended && !reply.error, "recursion-ends", "the helper asks for a second key before it answers; %ld helpers were executed: %s", helpers,
	       ended ? reply_text(&reply) : "the request still waits");
	if (ended)
		decide_context(is_requesters(container, "user"), "the helper", &reply);
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
