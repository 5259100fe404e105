// SPDX-License-Identifier: MIT
/*
 * host-helper-absent: /sbin/request-key is executed for nobody but a requester in all of the init namespaces. Today's kernel
 * executes it for everybody.
 */
#include <stdio.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

#define REQUESTS 3
#define NAME_SIZE 32

/* How often the helper was executed while a place asked `times` times. */
static long helpers_for(const struct place *place, const char *name, int times, struct reply *last)
{
	long before = counter("helper_execs");

	for (int i = 0; i < times; i++) {
		char description[NAME_SIZE + 32];

		snprintf(description, sizeof(description), "ks:check:%.31s:0:%d", name, i);
		*last = ask_and_wait(place, "user", description);
	}
	return counter("helper_execs") - before;
}

static void try_containers(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct reply last;
	long runs = helpers_for(&container, "unserved", REQUESTS, &last);

	decide(runs == 0, "host-helper-absent-unserved",
	       "%d requests from a container that nobody serves executed the host's helper %ld times; the last: %s", REQUESTS, runs,
	       reply_text(&last));
	if (has_agents()) {
		agent_start(&container, &(struct agent_wish){ 0 });
		runs = helpers_for(&container, "served", REQUESTS, &last);
	}
	decide(runs == 0, "host-helper-absent-served", "%d requests from a container %s executed the host's helper %ld times; the last: %s",
	       REQUESTS, has_agents() ? "with an agent" : "(nothing can serve it but the helper)", runs, reply_text(&last));
	place_end(&container);
}

/* Whoever has left one kind of them only is in a container of a sort, too. */
static void try_each_namespace(void)
{
	static const struct {
		const char *name;
		int flag;
	} kinds[] = {
		{ "user", CLONE_NEWUSER }, { "mnt", CLONE_NEWNS }, { "net", CLONE_NEWNET },	  { "pid", CLONE_NEWPID },
		{ "uts", CLONE_NEWUTS },   { "ipc", CLONE_NEWIPC }, { "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
	};
	char runs_in[160] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct place place = place_new(NULL, kinds[i].flag, PLACE_FIRST_ID);
		char name[NAME_SIZE];
		struct reply reply;

		snprintf(name, sizeof(name), "outside-%s", kinds[i].name);
		if (helpers_for(&place, name, 1, &reply) != 0)
			used += (size_t)snprintf(runs_in + used, sizeof(runs_in) - used, " %s", kinds[i].name);
		place_end(&place);
	}
	decide(used == 0, "host-helper-absent-any-namespace",
	       "requesters outside one of the init namespaces each; the host's helper was executed for those outside:%s",
	       used > 0 ? runs_in : " none");
}

static void try_host(void)
{
	struct place host = place_new(NULL, 0, 0);
	struct reply reply;
	long runs = helpers_for(&host, "host", 1, &reply);

	decide(runs == 1, "host-helper-kept-for-host", "a requester in all of the init namespaces executed the host's helper %ld times: %s",
	       runs, reply_text(&reply));
	place_end(&host);
}

void check_host_helper_absent(void)
{
	try_containers();
	try_each_namespace();
	try_host();
}
