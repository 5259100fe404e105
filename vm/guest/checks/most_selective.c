// SPDX-License-Identifier: MIT
/*
 * most-selective: of the agents whose filters match a request, the one with the most selective filter answers: the filter that
 * names most namespaces, then one for the key type before one for any. No other is asked, and one in another container, whose
 * filter names as many, never.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

#define EVIDENCE_MAX 900

/* Most selective last. All but the first two are of the container; those are the host's, and name none. */
static const struct {
	const char *words;
	const char *filter;
	const char *type;
} filters[] = {
	{ "no namespace, any type", "", "any" },
	{ "no namespace, type user", "", "user" },
	{ "net, any type", "net", "any" },
	{ "user, any type", "user", "any" },
	{ "net, type user", "net", "user" },
	{ "user, type user", "user", "user" },
	{ "user and net, any type", "user,net", "any" },
	{ "user and net, type user", "user,net", "user" },
	{ "user, net and mnt, any type", "user,net,mnt", "any" },
};

#define NR_FILTERS (sizeof(filters) / sizeof(filters[0]))
#define NR_HOSTS 2

void check_most_selective(void)
{
	struct place host = place_new(NULL, 0, 0), container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct place other = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	char evidence[EVIDENCE_MAX] = "";
	struct agent last = { 0 };
	bool right = true;
	struct reply reply;

	agent_start(&other, &(struct agent_wish){ .filter = "user,net,mnt" });
	/* Each new agent is more selective than those before, so each must take over. */
	for (size_t i = 0; i < NR_FILTERS; i++) {
		struct agent_wish wish = { .filter = filters[i].filter, .type = filters[i].type };
		char description[64];
		size_t at = strlen(evidence);

		last = agent_start(i < NR_HOSTS ? &host : &container, &wish);
		snprintf(description, sizeof(description), "ks:check:selective:0:%zu", i);
		reply = ask_and_wait(&container, "user", description);
		snprintf(evidence + at, sizeof(evidence) - at, "%sagent %u (%s) registered: %s", i ? "; " : "", last.id,
			 filters[i].words, reply_text(&reply));
		right &= reply_is_of(&reply, &last);
	}
	decide(right, "most-selective-wins", "%s", evidence);

	agent_kill(&last);
	reply = ask_and_wait(&container, "user", "ks:check:selective:0:dead");
	decide(reply.error == ENOKEY && is_prompt(&reply), "dead-most-selective-refuses",
	       "agent %u, of the most selective filter, killed, and %zu others that match alive: %s", last.id, NR_FILTERS - 1,
	       reply_text(&reply));
	place_end(&container);
	place_end(&other);
	place_end(&host);
}
