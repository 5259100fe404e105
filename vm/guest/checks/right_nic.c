// SPDX-License-Identifier: MIT
#include "right_nic.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "mechanism.h"
#include "name_question.h"
#include "network.h"
#include "verdict.h"

/* The host's first. */
#define NETWORKS_MAX (SITES_MAX + 1)
#define EVIDENCE_MAX 900
/* What a helper that resolves nothing says instead of an address. */
#define NO_RESOLVER "ks1 "

static const char *const suffixes[PATHS] = { [BY_SYSTEM_CALL] = "", [IN_KERNEL] = "-in-kernel" };

static struct network networks[NETWORKS_MAX];
static int networks_count;
static struct agent agents[SITES_MAX];
static int agents_count;

struct tally {
	char evidence[EVIDENCE_MAX];
	bool wrong;
	bool logs_differ;
	bool unanswered;
	bool host_failed;
	bool no_resolver;
};

__attribute__((format(printf, 2, 3))) static void add(struct tally *tally, const char *format, ...)
{
	size_t at = strlen(tally->evidence);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(tally->evidence + at, sizeof(tally->evidence) - at, format, arguments);
	va_end(arguments);
}

static const struct network *network_of(const char *address)
{
	for (int i = 0; i < networks_count; i++)
		if (!strcmp(networks[i].address, address))
			return &networks[i];
	return NULL;
}

static void add_answer(struct tally *tally, const struct network *own, const struct name_answer *answer)
{
	const struct network *source = answer->error ? NULL : network_of(answer->text);

	if (answer->error)
		add(tally, "refused (%s)", strerrorname_np(answer->error));
	else if (source == own)
		add(tally, "%s (own)", answer->text);
	else if (source)
		add(tally, "%s (WRONG: %s's)", answer->text, source->name);
	else
		add(tally, "'%.40s' (no server's)", answer->text);
}

/* One asker: its answer, and as a second witness what the servers' own logs have to say. */
static void ask_one(int asker, enum path path, struct tally *tally)
{
	const struct network *own = &networks[asker];
	int before[NETWORKS_MAX];
	struct name_answer answer;
	const struct network *source;
	bool own_answer;

	if (path == IN_KERNEL)
		name_cache_clear();
	for (int i = 0; i < networks_count; i++)
		before[i] = network_asked(&networks[i]);
	answer = name_ask(&own->place, path, KEY_SPEC_THREAD_KEYRING);

	add(tally, "%s%s: ", asker ? "; " : "", own->name);
	add_answer(tally, own, &answer);
	source = answer.error ? NULL : network_of(answer.text);
	for (int i = 0; i < networks_count; i++) {
		bool was_asked = network_asked(&networks[i]) > before[i];

		if (was_asked != (&networks[i] == source)) {
			add(tally, was_asked ? ", but %s's server logged a query" : ", but %s's server logged no query",
			    networks[i].name);
			tally->logs_differ = true;
		}
		tally->wrong |= was_asked && i != asker;
	}
	own_answer = source == own;
	tally->no_resolver |= !answer.error && !strncmp(answer.text, NO_RESOLVER, strlen(NO_RESOLVER));
	tally->wrong |= !answer.error && !own_answer;
	tally->unanswered |= answer.error != 0;
	tally->host_failed |= !asker && !own_answer;
}

static void say(const struct topology *topology, enum path path, const struct tally *tally)
{
	char right[64], answered[64];

	snprintf(right, sizeof(right), "right-nic-%s%s", topology->name, suffixes[path]);
	snprintf(answered, sizeof(answered), "answered-%s%s", topology->name, suffixes[path]);
	if (tally->no_resolver) {
		not_applicable(right, "the helper resolves no names: %s", tally->evidence);
		not_applicable(answered, "the helper resolves no names");
	} else if (tally->host_failed && !tally->wrong) {
		unknown(right, "even the host did not get its own answer: %s", tally->evidence);
		unknown(answered, "even the host did not get its own answer: %s", tally->evidence);
	} else {
		decide(!tally->wrong, right, "%s", tally->evidence);
		decide(!tally->unanswered, answered, "%s", tally->evidence);
	}
}

static void say_not_applicable(const struct topology *topology, const char *why)
{
	char property[64];

	for (int path = 0; path < PATHS; path++) {
		snprintf(property, sizeof(property), "right-nic-%s%s", topology->name, suffixes[path]);
		not_applicable(property, "%s", why);
		snprintf(property, sizeof(property), "answered-%s%s", topology->name, suffixes[path]);
		not_applicable(property, "%s", why);
	}
}

static void start_agent(const struct topology *topology, const struct place *host, const struct place *place)
{
	const struct agent_wish managed = { .type = "dns_resolver", .filter = "net", .network = place };
	const struct agent_wish own = { .type = "dns_resolver" };

	agents[agents_count++] = agent_start(topology->managed ? host : place, topology->managed ? &managed : &own);
}

/* In how many cases an asker of a site is in another network than somebody who could answer: an agent, or else the host's helper. */
static long count_elsewhere(void)
{
	uint64_t of_host = place_inodes(&networks[0].place).net;
	long elsewhere = 0;

	for (int i = 1; i < networks_count; i++) {
		uint64_t own = place_inodes(&networks[i].place).net;

		for (int j = 0; j < agents_count; j++)
			elsewhere += inodes_of(agents[j].task.pid).net != own;
		elsewhere += !has_agents() && of_host != own;
	}
	return elsewhere;
}

/* When they have gone, the host is answered as ever. */
static bool end_agents(void)
{
	while (agents_count > 0)
		agent_kill(&agents[--agents_count]);
	return !strcmp(name_ask(&networks[0].place, BY_SYSTEM_CALL, KEY_SPEC_THREAD_KEYRING).text, networks[0].address);
}

static void set_up(const struct topology *topology)
{
	struct site sites[NETWORKS_MAX] = { { .name = "host" } };

	name_questions_prepare();
	networks_configure();
	sites[0].place = place_new(NULL, 0, 0);
	networks_count = 1 + topology->make(sites + 1);
	for (int i = 0; i < networks_count; i++)
		network_start(&networks[i], sites[i].name, &sites[i].place, i + 1);
	for (int i = 1; has_agents() && i <= topology->agents; i++)
		start_agent(topology, &sites[0].place, &networks[i].place);
}

void right_nic_check(const struct topology *topology)
{
	long elsewhere;

	if (mechanism.route == ROUTE_NULL || mechanism.route == ROUTE_SESSION_RFC) {
		say_not_applicable(topology, mechanism.route == ROUTE_NULL ? "the module answers by itself and asks nobody" :
									     "keyagent_rfc serves the key type user only");
		return;
	}
	if (topology->managed && mechanism.route != ROUTE_INTERCEPT) {
		say_not_applicable(topology, "an agent can be registered for another's network only where filters name networks");
		return;
	}
	set_up(topology);
	elsewhere = count_elsewhere();
	for (enum path path = 0; path < PATHS; path++) {
		struct tally tally = { 0 };

		for (int asker = 0; asker < networks_count; asker++)
			ask_one(asker, path, &tally);
		if (!tally.logs_differ)
			add(&tally, " (so also by the servers' logs)");
		say(topology, path, &tally);
	}
	fault_was("answerer-in-another-network", elsewhere, end_agents());
	/* Inner places before those they are in. */
	while (networks_count > 0)
		network_end(&networks[--networks_count]);
}
