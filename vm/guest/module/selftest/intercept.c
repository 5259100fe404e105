// SPDX-License-Identifier: MIT
/* Route "intercept": the most selective filter that matches the requester's namespaces. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"

#define CONTAINER \
	(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

static struct wish on(pid_t of, const char *const *names, const char *key_type, int queue)
{
	return (struct wish){ KS_ROUTE_INTERCEPT, key_type, names, of, 0, queue, NULL };
}

/* Least selective first, so that each must be put before those that are there. */
static void most_selective_wins(void)
{
	static const char *const cgroup_only[] = { "cgroup", NULL }, *const ipc_and_cgroup[] = { "ipc", "cgroup", NULL },
				*const three[] = { "mnt", "pid", "uts", NULL };
	static const struct {
		const char *const *names;
		const char *key_type;
	} filters[] = {
		{ NULL, NULL },		  { NULL, "user" },	 { cgroup_only, NULL },	    { net_only, NULL },
		{ user_only, NULL },	  { cgroup_only, "user" }, { net_only, "user" },    { user_only, "user" },
		{ ipc_and_cgroup, NULL }, { user_and_net, NULL }, { ipc_and_cgroup, "user" }, { user_and_net, "user" },
		{ three, NULL },
	};
	enum { NR = sizeof(filters) / sizeof(filters[0]) };
	pid_t inside = stay(CONTAINER);
	struct wish wishes[NR];
	char description[64];
	int order[NR], i, at;

	set("mode", "intercept");
	/* Registered from both ends towards the middle: the order of registering must not matter. */
	for (i = 0; i < NR; i++)
		order[i] = i % 2 ? NR - 1 - i / 2 : i / 2;
	for (i = 0; i < NR; i++) {
		at = order[i];
		wishes[at] = on(inside, filters[at].names, filters[at].key_type, open_queue());
		wish_granted(&wishes[at]);
	}
	for (i = NR - 1; i >= 0; i--) {
		snprintf(description, sizeof(description), "selftest:selective-%d", i);
		require_answer_of(wishes[i].queue, inside, 0, description);
		require(!try_wish(KS_IOC_WITHDRAW, &wishes[i]), "filter %d could not be withdrawn", i);
	}
	require_refusal(inside, "selftest:selective-none", ENOKEY);
}

static void every_kind_is_matched(void)
{
	pid_t inside = stay(CONTAINER), outside = stay(CONTAINER);
	char description[64];
	struct wish wish;
	int i;

	set("mode", "intercept");
	for (i = 0; i < NR_KINDS; i++) {
		const char *const names[] = { kind_names[i], NULL };

		wish = on(inside, names, "user", open_queue());
		wish_granted(&wish);
		snprintf(description, sizeof(description), "selftest:inside-%s", kind_names[i]);
		require_answer_of(wish.queue, inside, 0, description);
		snprintf(description, sizeof(description), "selftest:outside-%s", kind_names[i]);
		require_refusal(outside, description, ENOKEY);
		require(!try_wish(KS_IOC_WITHDRAW, &wish), "the filter for %s could not be withdrawn", kind_names[i]);
	}
}

static pid_t container;

/* In the container's user namespace, and in a network namespace of its own. */
static void ask_from_another_net(void)
{
	home = container;
	depth = 0;
	go_home();
	require(!unshare(CLONE_NEWNET), "unshare: %s", strerror(errno));
	require_refusal(getpid(), "selftest:other-net", ENOKEY);
}

static void all_namespaces_must_match(void)
{
	struct wish wish;

	container = stay(CLONE_NEWUSER | CLONE_NEWNET);
	wish = on(container, user_and_net, NULL, open_queue());
	set("mode", "intercept");
	wish_granted(&wish);
	require_answer_of(wish.queue, container, 0, "selftest:both");
	in_child(ask_from_another_net);
	require(nothing_to_take(wish.queue), "one of two namespaces was enough");
}

static void dead_filter_refuses(void)
{
	pid_t inside = stay(CLONE_NEWUSER | CLONE_NEWNET);
	struct wish wide = on(inside, net_only, NULL, open_queue());
	struct wish narrow = on(inside, user_and_net, NULL, open_queue());
	long dead = counter("dead");

	set("mode", "intercept");
	wish_granted(&wide);
	wish_granted(&narrow);
	close(narrow.queue);
	require_refusal(inside, "selftest:dead-filter", ENOKEY);
	require(counter("dead") == dead + 1, "it was not refused because the agent is dead");
	require(nothing_to_take(wide.queue), "the request went on to a less selective filter");
}

static struct wish hosts;

/* Only the network is the container's; the user namespace stays the host's. */
static void ask_as_a_visitor(void)
{
	require(!setns(open_namespace(container, "net"), CLONE_NEWNET), "setns: %s", strerror(errno));
	require_answer_of(hosts.queue, getpid(), 0, "selftest:visitor");
}

/* Root of the container names its network, and the host's root asks from there. */
static void ineligible_filter_is_passed_over(void)
{
	long ineligible = counter("ineligible");
	struct wish theirs;

	container = stay(CLONE_NEWUSER | CLONE_NEWNET);
	hosts = on(0, NULL, NULL, open_queue());
	theirs = on(container, net_only, NULL, open_queue());
	set("mode", "intercept");
	wish_granted(&hosts);
	home = container;
	depth = 0;
	theirs.become = go_home;
	wish_granted(&theirs);
	in_child(ask_as_a_visitor);
	require(nothing_to_take(theirs.queue), "the container's agent was asked for root's key");
	require(counter("ineligible") == ineligible + 1, "it was not counted");
}

const struct behaviour intercept_behaviours[] = {
	{ "most-selective-filter-wins", most_selective_wins },
	{ "every-kind-of-namespace-is-matched", every_kind_is_matched },
	{ "all-namespaces-must-match", all_namespaces_must_match },
	{ "dead-filter-refuses", dead_filter_refuses },
	{ "ineligible-filter-is-passed-over", ineligible_filter_is_passed_over },
	{ NULL, NULL },
};
