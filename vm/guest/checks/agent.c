// SPDX-License-Identifier: MIT
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "capabilities.h"
#include "mechanism.h"
#include "namespaces.h"

#define PROGRAM "/keystorm/ks-agent"
#define READY_FD 4
#define READY_FD_TEXT "4"
#define READY_WORD "ready\n"
#define READY_MS 60000
#define ARGUMENTS_MAX 24

/* The strings of a wish do not survive the way to another process by themselves. */
struct letter {
	unsigned int id;
	char type[40];
	char filter[80];
	bool has_filter;
	pid_t network;
	int without;
};

static void execute(int channel, const void *argument)
{
	const struct letter *letter = argument;
	const char *argv[ARGUMENTS_MAX] = { PROGRAM, "--payload-bytes", "256", "--ready-fd", READY_FD_TEXT };
	char id[16];
	int at = 5;

	snprintf(id, sizeof(id), "%u", letter->id);
	argv[at++] = "--id";
	argv[at++] = id;
	argv[at++] = "--route";
	argv[at++] = route_words[mechanism.route];
	argv[at++] = "--delivery";
	argv[at++] = delivery_words[mechanism.delivery];
	argv[at++] = "--type";
	argv[at++] = letter->type;
	if (letter->has_filter) {
		argv[at++] = "--filter";
		argv[at++] = letter->filter;
	}
	if (letter->network) {
		int entered = namespace_open(letter->network, "net");

		require(!setns(entered, CLONE_NEWNET), "cannot enter a network namespace: %s", strerror(errno));
		close(entered);
	}
	if (letter->without)
		capabilities_unbound(letter->without);
	/* It may be there already, and then closes itself when the program is executed. */
	require(dup2(channel, READY_FD) == READY_FD && !fcntl(READY_FD, F_SETFD, 0), "a descriptor for an agent: %s", strerror(errno));
	execv(PROGRAM, (char **)argv);
	fail("cannot execute " PROGRAM ": %s", strerror(errno));
}

bool agent_try(const struct place *place, const struct agent_wish *wish, struct agent *agent)
{
	static unsigned int last_id;
	struct letter letter = { .id = ++last_id, .without = wish->without };
	char word[sizeof(READY_WORD)] = "";

	letter.network = wish->network ? wish->network->init : 0;
	snprintf(letter.type, sizeof(letter.type), "%s", wish->type ? wish->type : "user");
	letter.has_filter = mechanism.route == ROUTE_INTERCEPT;
	snprintf(letter.filter, sizeof(letter.filter), "%s", wish->filter ? wish->filter : "user,net");
	agent->id = letter.id;
	agent->task = place_start(place, execute, &letter, sizeof(letter));
	if (task_tells(&agent->task, word, strlen(READY_WORD), READY_MS) && !strcmp(word, READY_WORD))
		return true;
	task_end(&agent->task);
	return false;
}

struct agent agent_start(const struct place *place, const struct agent_wish *wish)
{
	struct agent agent;

	require(agent_try(place, wish, &agent), "agent %u did not say that it is ready", agent.id);
	return agent;
}

void agent_kill(struct agent *agent)
{
	task_end(&agent->task);
}
