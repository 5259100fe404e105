// SPDX-License-Identifier: MIT
/*
 * forged-description: what an unprivileged user writes into a request's description and callout claims to be somebody else's: root's,
 * and a process's in another container, in the words that key types of the kernel have for this. Nobody takes it for an identity: it
 * is answered as the same user's honest request is, from the same namespaces, and no one else is told of it.
 */
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "puppet.h"
#include "verdict.h"

#define REQUESTER_UID 1000

/* One request, and for whom whoever answered took it. */
struct asked {
	struct reply reply;
	struct answerer who;
	bool answered;
	uid_t uid;		/* as an agent was told; helpers say none */
	char description[200];	/* as the answerer had it */
};

static struct asked ask_as_user(const struct place *place, const struct puppet *puppet, const char *description, const char *callout)
{
	struct question question = question_of(description);
	struct asked asked = { .uid = REQUESTER_UID };
	struct task request;
	struct step step;

	snprintf(question.callout, sizeof(question.callout), "%s", callout);
	question.uid = REQUESTER_UID;
	request = ask_question(place, &question);
	if (puppet && puppet_is_told_before(puppet, &request, &step)) {
		asked.uid = step.uid;
		puppet_does(puppet, puppet_answer, &step);
	}
	asked.reply = reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
	asked.answered = reply_answerer(&asked.reply, &asked.who) &&
			 sscanf(asked.reply.payload, "ks1 %*u %*u %*u %*u %*u %*u %199s", asked.description) == 1;
	return asked;
}

/* Answered by one of the same kind, in the same namespaces, for the same user. */
static bool is_like(const struct asked *one, const struct asked *other)
{
	return one->answered && other->answered && one->uid == other->uid && one->who.id == other->who.id &&
	       one->who.user == other->who.user && one->who.net == other->who.net && one->who.mnt == other->who.mnt;
}

void check_forged_description(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct place victim = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct puppet puppet, of_victim, *agent = NULL;
	struct asked honest, forged, after;
	char description[64], callout[96], as_told[96] = "";
	struct step step;
	bool told;

	if (has_agents()) {
		puppet = puppet_agent(&container);
		of_victim = puppet_agent(&victim);
		agent = &puppet;
	}
	snprintf(description, sizeof(description), "ks:check:forged:0:0;uid=0;creduid=0;pid=%d", victim.init);
	snprintf(callout, sizeof(callout), "uid=0x0;creduid=0x0;pid=0x%x;upcall_target=app", victim.init);
	honest = ask_as_user(&container, agent, "ks:check:honest:0:0", "ks");
	require(honest.answered, "an honest request is not answered: %s", reply_text(&honest.reply));
	forged = ask_as_user(&container, agent, description, callout);
	told = agent && puppet_is_told(&of_victim, &step, 0);
	if (agent)
		snprintf(as_told, sizeof(as_told), ", which took it for uid %u's, and the other container's agent was told %s", forged.uid,
			 told ? "too" : "nothing");
	decide(is_like(&forged, &honest) && forged.uid == REQUESTER_UID && !told, "forged-text-is-no-identity",
	       "uid %d of a container asks for '%s': %s%s; an honest request of the same user: %s", REQUESTER_UID, description,
	       reply_text(&forged.reply), as_told, reply_text(&honest.reply));
	after = ask_as_user(&container, agent, "ks:check:honest:0:1", "ks");
	/* It took effect if the answerer had the forged words before it. */
	fault_was("forged-description", forged.answered && !strcmp(forged.description, description), is_like(&after, &honest));
}
