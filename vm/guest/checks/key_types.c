// SPDX-License-Identifier: MIT
/*
 * key-types: requests for keys of every type come to the agent of that type, also of types that no module may name, and of one
 * that is registered later. Types that make their own upcalls, or none, are listed as such, and left alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "name_question.h"
#include "question.h"
#include "verdict.h"

#define KEY_TYPES_FILE "/sys/class/misc/keystorm/key_types"
#define TYPES_MAX 64
#define TEXT_SIZE 400
/* An agent that has to ask a name server in vain may take that long; then the module's time is up. */
#define REPLY_MS (20000 * slowness())

struct key_type {
	char name[32];
	char how[24];
};

struct list {
	struct key_type types[TYPES_MAX];
	int count;
};

/* What is said about types, by how their requests went. */
struct findings {
	char intercepted[TEXT_SIZE], escaped[TEXT_SIZE], impossible[TEXT_SIZE];
	int missed;
};

static void read_list(struct list *list)
{
	FILE *file = fopen(KEY_TYPES_FILE, "re");
	char line[128];

	require(file, "cannot open " KEY_TYPES_FILE ": %s", strerror(errno));
	list->count = 0;
	while (list->count < TYPES_MAX && fgets(line, sizeof(line), file)) {
		struct key_type *type = &list->types[list->count++];

		require(sscanf(line, "%31s %23s", type->name, type->how) == 2, KEY_TYPES_FILE " says '%s'", line);
	}
	fclose(file);
}

static long notified(void)
{
	return counter("notified_signal") + counter("notified_fd_write") + counter("notified_fd_keyctl");
}

static void add(char text[TEXT_SIZE], const char *type)
{
	size_t used = strlen(text);

	snprintf(text + used, TEXT_SIZE - used, "%s%s", used ? " " : "", type);
}

static struct reply ask_once(const struct place *container, const char *type)
{
	char description[64];
	struct task task;

	/* With a colon, which logon wants; the name of a host to others. */
	snprintf(description, sizeof(description), "ks:%s", type);
	task = ask_for(container, type, description);
	return reply_within(&task, REPLY_MS);
}

/* The RFC's module is the actor of the type that it serves. User space cannot ask for a type whose name begins with a dot. */
static bool is_to_be_tried(const struct key_type *type)
{
	bool is_the_rfcs = !is_modules() && !strcmp(type->name, "user");

	return (is_the_rfcs || !strcmp(type->how, "served")) && *type->name != '.';
}

static void try_served(const struct place *container, const char *type, struct findings *findings)
{
	struct agent agent;
	long before, helpers;
	struct reply reply;

	if (!agent_try(container, &(struct agent_wish){ .type = type }, &agent)) {
		add(findings->escaped, type);
		findings->missed++;
		return;
	}
	before = notified();
	helpers = counter("helper_execs");
	reply = ask_once(container, type);
	if (counter("helper_execs") != helpers) {
		add(findings->escaped, type);
		findings->missed++;
	} else if (notified() == before + 1 || (!is_modules() && !reply.error)) {
		add(findings->intercepted, type);
	} else {
		/* The type would not have that description, or is not for user space: nobody was asked at all. */
		add(findings->impossible, type);
	}
	agent_kill(&agent);
}

static bool contains(const char *text, const char *type)
{
	size_t length = strlen(type);

	for (const char *at = text; (at = strstr(at, type)); at += length)
		if ((at == text || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

static bool lists(const struct list *list, const char *type)
{
	for (int i = 0; i < list->count; i++)
		if (!strcmp(list->types[i].name, type))
			return true;
	return false;
}

static void decide_interception(const struct findings *findings, bool is_later)
{
	static const char *const wanted[] = { "user", "logon", "dns_resolver", NULL };
	bool all = findings->missed == 0;

	for (int i = 0; wanted[i]; i++)
		all = all && contains(findings->intercepted, wanted[i]);
	decide(all, "all-key-types-intercepted",
	       "the container's agent was asked for keys of: %s; it was not, and the host's helper was, or it could not register, for: %s; no "
	       "upcall could be caused for: %s (dns_resolver was registered %s the interception began)",
	       *findings->intercepted ? findings->intercepted : "none", *findings->escaped ? findings->escaped : "none",
	       *findings->impossible ? findings->impossible : "none", is_later ? "after" : "before");
}

/* Neither an agent nor the helper is to be asked for them. */
static void try_others(const struct place *container, const struct list *list)
{
	char others[TEXT_SIZE] = "", wrong[TEXT_SIZE] = "";

	for (int i = 0; i < list->count; i++) {
		const struct key_type *type = &list->types[i];
		long before = notified(), helpers = counter("helper_execs");
		char described[64];

		if (!strcmp(type->how, "served"))
			continue;
		snprintf(described, sizeof(described), "%s(%s)", type->name, type->how);
		add(others, described);
		ask_once(container, type->name);
		if (notified() != before || counter("helper_execs") != helpers)
			add(wrong, described);
	}
	decide(*others && !*wrong, "key-types-listed",
	       "listed as not served: %s; of these a request was an upcall all the same: %s", *others ? others : "none",
	       *wrong ? wrong : "none");
}

void check_key_types(void)
{
	static struct findings findings;
	static struct list list;
	struct place container;
	bool is_later;

	if (!has_agents()) {
		not_applicable("all-key-types-intercepted", "this mechanism has no agents");
		not_applicable("key-types-listed", "this mechanism has no agents");
		return;
	}
	read_list(&list);
	is_later = !lists(&list, "dns_resolver");
	name_questions_prepare();
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	read_list(&list);
	for (int i = 0; i < list.count; i++)
		if (is_to_be_tried(&list.types[i]))
			try_served(&container, list.types[i].name, &findings);
	decide_interception(&findings, is_later);
	if (is_modules())
		try_others(&container, &list);
	else
		not_applicable("key-types-listed", "the RFC is for one key type, and lists none");
}
