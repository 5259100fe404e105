// SPDX-License-Identifier: MIT
/*
 * usermode-helper: to request a key of type "usermode_helper" is to have a program executed. Asked from a container, it runs in the
 * container's namespaces, where the agent is; and without an agent it takes the fallback.
 */
#include <inttypes.h>
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* Prints the inodes of its namespaces. */
#define PROGRAM "/bin/busybox stat -L -c %i /proc/self/ns/user /proc/self/ns/net"

struct run {
	bool ran;
	uint64_t user, net;	/* where */
	struct reply reply;
};

static struct run ask_to_run(const struct place *place, const char *name)
{
	struct question question = { .type = KS_KEY_TYPE_PROGRAM, .callout = PROGRAM };
	struct run run = { 0 };
	struct task task;
	int status;

	snprintf(question.description, sizeof(question.description), "ks:check:%s:0:0", name);
	task = ask_question(place, &question);
	run.reply = reply_within(&task, 3 * PATIENCE_MS);
	run.ran = !run.reply.error &&
		  sscanf(run.reply.payload, "exit %d %" SCNu64 " %" SCNu64, &status, &run.user, &run.net) == 3 && status == 0;
	return run;
}

/* What a key of this type holds is no name of an answerer: its own words. */
static const char *what_came(const struct run *run)
{
	static char text[2][200];
	static int next;
	char *to = text[next++ % 2];

	if (run->ran)
		snprintf(to, sizeof(text[0]), "it ran in user namespace %" PRIu64 " and net namespace %" PRIu64, run->user, run->net);
	else
		snprintf(to, sizeof(text[0]), "it did not run: %s", reply_text(&run->reply));
	return to;
}

void check_usermode_helper(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct inodes inside = place_inodes(&container);
	bool can_serve = true, is_inside;
	struct run served, unserved;
	struct agent agent;

	unserved = ask_to_run(&container, "unserved");
	if (has_agents())
		can_serve = agent_try(&container, &(struct agent_wish){ .type = KS_KEY_TYPE_PROGRAM }, &agent);
	served = ask_to_run(&container, "served");
	is_inside = served.user == inside.user && served.net == inside.net;
	decide(served.ran && is_inside, "program-runs-in-container",
	       "a program asked for from user namespace %" PRIu64 " and net namespace %" PRIu64 "%s: %s", inside.user, inside.net,
	       !has_agents() ? "" : can_serve ? ", with an agent for it" : ", whose agent could not register for it", what_came(&served));
	decide(!served.ran || is_inside, "program-never-runs-outside",
	       "a program asked for from user namespace %" PRIu64 " and net namespace %" PRIu64 ": %s", inside.user, inside.net,
	       what_came(&served));
	if (mechanism.refuse || !is_modules())
		decide(!unserved.ran, "program-without-agent-refused", "a program asked for without an agent: %s", what_came(&unserved));
	else
		not_applicable("program-without-agent-refused", "the fallback is not to refuse");
}
