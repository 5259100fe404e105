// SPDX-License-Identifier: MIT
/*
 * dns-cache-bleed: keys of type dns_resolver are tagged with a network namespace; is one that was made for a network found by
 * those who ask in another?
 *
 *	dns-cache-separate		request_key(2), both networks' processes having one session keyring
 *	dns-cache-separate-in-kernel	dns_query(), whose answers the kernel keeps in one keyring for all
 *
 * The search is the kernel's own, before any mechanism is asked. A mechanism that does not answer the first network leaves
 * nothing to be found.
 */
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "name_question.h"
#include "network.h"
#include "verdict.h"

/* keyutils' helper lets its keys live for 5 s. When more than this has passed, not to find one says nothing. */
#define FRESH_MS 4000

static const char *const properties[PATHS] = {
	[BY_SYSTEM_CALL] = "dns-cache-separate",
	[IN_KERNEL] = "dns-cache-separate-in-kernel",
};

enum { HOST, FIRST, SECOND, NETWORKS };

static struct network networks[NETWORKS];

static int queries_so_far(void)
{
	int count = 0;

	for (int i = 0; i < NETWORKS; i++)
		count += network_asked(&networks[i]);
	return count;
}

/* The kernel names no key to its own callers: there, an answer that no server gave is the old one. */
static bool is_the_same(enum path path, const struct name_answer *made, const struct name_answer *got, int queries)
{
	if (got->error)
		return false;
	return path == BY_SYSTEM_CALL ? got->key == made->key : !queries && !strcmp(got->text, made->text);
}

/* Since when the key lives, at most. Of whoever is answered first; the host always is, but only in the kernel does it share a keyring with the others. */
static struct name_answer make_key(enum path path, const char **where, int64_t *since)
{
	struct name_answer made;

	for (int maker = FIRST; maker >= HOST; maker--) {
		*where = networks[maker].name;
		if (path == IN_KERNEL)
			name_cache_clear();
		*since = now_ms();
		made = name_ask(&networks[maker].place, path, KEY_SPEC_SESSION_KEYRING);
		if (!made.error || path == BY_SYSTEM_CALL)
			break;
	}
	return made;
}

static void look(enum path path)
{
	const char *property = properties[path], *where;
	int64_t since;
	struct name_answer made = make_key(path, &where, &since), got;
	int queries;

	if (made.error) {
		not_applicable(property, "the %s network's request was refused (%s), so there is no answer to be found by another",
			       where, strerrorname_np(made.error));
		return;
	}
	queries = queries_so_far();
	got = name_ask(&networks[SECOND].place, path, KEY_SPEC_SESSION_KEYRING);
	queries = queries_so_far() - queries;

	if (is_the_same(path, &made, &got, queries))
		violated(property, "%s, resolved for the %s network, was returned to the second: %s, %d queries to any server", got.text,
			 where, path == BY_SYSTEM_CALL ? "the same key" : "by the kernel's own cache", queries);
	else if (now_ms() - since > FRESH_MS)
		unknown(property, "the second network asked only %lld ms after the %s one", (long long)(now_ms() - since), where);
	else if (got.error)
		held(property, "after the %s network got %s, the second was refused: %s", where, made.text,
		     strerrorname_np(got.error));
	else
		held(property, "the %s network got %s, the second asked anew and got %s", where, made.text, got.text);
}

void check_dns_cache_bleed(void)
{
	struct place host, one, other;

	if (mechanism.route == ROUTE_NULL) {
		for (int path = 0; path < PATHS; path++)
			not_applicable(properties[path], "the module answers by itself, without a name server");
		return;
	}
	name_questions_prepare();
	networks_configure();
	host = place_new(NULL, 0, 0);
	one = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	other = place_new_in_session(&one, CLONE_NEWNET, 0);
	network_start(&networks[HOST], "host", &host, 1);
	network_start(&networks[FIRST], "first", &one, 2);
	network_start(&networks[SECOND], "second", &other, 3);
	if (has_agents() && mechanism.route != ROUTE_SESSION_RFC)
		agent_start(&one, &(struct agent_wish){ .type = "dns_resolver" });
	for (enum path path = 0; path < PATHS; path++)
		look(path);
	for (int i = NETWORKS; i-- > 0;)
		network_end(&networks[i]);
}
