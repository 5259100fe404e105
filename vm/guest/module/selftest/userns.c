// SPDX-License-Identifier: MIT
/* Route "userns": the nearest registration up the user namespaces. */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"

static struct wish on(pid_t of, const char *key_type, int queue)
{
	return (struct wish){ KS_ROUTE_USERNS, key_type, user_only, of, 0, queue, NULL };
}

/* Registers, as root of the home, for the user namespace the registrar is in. */
static struct wish by(pid_t registrar, const char *key_type, int queue)
{
	home = registrar;
	depth = 0;
	return (struct wish){ KS_ROUTE_USERNS, key_type, NULL, 0, 0, queue, go_home };
}

static void nearest_ancestor_wins(void)
{
	static const int depths[] = { 0, 1, 8, 32 };
	int far = open_queue(), near = open_queue();
	pid_t container = stay(CLONE_NEWUSER);
	struct wish wish;
	size_t i;

	set("mode", "userns");
	wish = on(getpid(), "user", far);
	wish_granted(&wish);
	wish = by(container, "user", near);
	wish_granted(&wish);
	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		char description[64];

		snprintf(description, sizeof(description), "selftest:depth-%d", depths[i]);
		require_answer_of(near, container, depths[i], description);
		require(nothing_to_take(far), "at depth %d the host's agent was asked as well", depths[i]);
	}
	require_answer_of(far, getpid(), 0, "selftest:host");
	require(nothing_to_take(near), "a container's agent was asked by the host");
}

/* The agent is of the initial user namespace, and nobody is nearer. */
static void walk_reaches_the_initial_namespace(void)
{
	int far = open_queue();
	struct wish wish = on(getpid(), NULL, far);

	set("mode", "userns");
	wish_granted(&wish);
	require_answer_of(far, stay(CLONE_NEWUSER), 32, "selftest:far");
}

static void sibling_never_serves(void)
{
	pid_t a = stay(CLONE_NEWUSER), b = stay(CLONE_NEWUSER), below_a = stay_below(a);
	long ineligible = counter("ineligible");
	int queue = open_queue(), below = open_queue();
	struct wish wish;

	set("mode", "userns");
	wish = by(a, NULL, queue);
	wish_granted(&wish);
	wish = by(below_a, NULL, below);
	wish_granted(&wish);
	require_refusal(b, "selftest:sibling", ENOKEY);
	require(nothing_to_take(queue) && nothing_to_take(below), "a sibling's agent was asked");
	require_answer_of(queue, a, 0, "selftest:own");
	require(nothing_to_take(below), "a descendant's agent was asked");
	require(counter("ineligible") == ineligible, "somebody was found who should not have been");
}

static void dead_nearest_refuses(void)
{
	long dead = counter("dead"), helpers = counter("helper_execs");
	/* Before the queues: nobody is to inherit one. */
	pid_t container = stay(CLONE_NEWUSER);
	int far = open_queue(), near = open_queue();
	struct wish wish;

	set("mode", "userns");
	set("fallback", "stock");
	wish = on(getpid(), NULL, far);
	wish_granted(&wish);
	wish = by(container, NULL, near);
	wish_granted(&wish);
	close(near);
	require_refusal(container, "selftest:dead", ENOKEY);
	require(counter("dead") == dead + 1, "it was not refused because the agent is dead");
	require(nothing_to_take(far), "the request walked on to the host's agent");
	require(counter("helper_execs") == helpers, "the request went to the helper");
}

/* Root of the home that may register, and has not got what it takes to serve root of the home. */
static void go_home_without_ptrace(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	go_home();
	require(!syscall(SYS_capget, &header, data), "capget: %s", strerror(errno));
	data[0].effective &= ~(1u << CAP_SYS_PTRACE);
	data[0].permitted &= ~(1u << CAP_SYS_PTRACE);
	require(!syscall(SYS_capset, &header, data), "capset: %s", strerror(errno));
}

static void ineligible_nearest_is_passed_over(void)
{
	int far = open_queue(), near = open_queue();
	pid_t container = stay(CLONE_NEWUSER);
	long ineligible = counter("ineligible");
	struct wish wish;

	set("mode", "userns");
	wish = on(getpid(), NULL, far);
	wish_granted(&wish);
	wish = by(container, "user", near);
	wish.become = go_home_without_ptrace;
	wish_granted(&wish);
	require_answer_of(far, container, 0, "selftest:passed-over");
	require(nothing_to_take(near), "an agent was asked that may not serve");
	require(counter("ineligible") == ineligible + 1, "it was not counted");
}

static void type_comes_before_any(void)
{
	int far = open_queue(), any = open_queue(), typed = open_queue();
	pid_t container = stay(CLONE_NEWUSER);
	struct wish wish;

	set("mode", "userns");
	wish = on(getpid(), "user", far);
	wish_granted(&wish);
	wish = by(container, NULL, any);
	wish_granted(&wish);
	require_answer_of(any, container, 0, "selftest:nearest-any");
	wish = by(container, "user", typed);
	wish_granted(&wish);
	require_answer_of(typed, container, 0, "selftest:nearest-typed");
	require(nothing_to_take(any) && nothing_to_take(far), "more than one agent was asked");
}

static void withdrawn_is_walked_past(void)
{
	int far = open_queue(), near = open_queue();
	pid_t container = stay(CLONE_NEWUSER);
	long there = counter("registrations");
	struct wish wish;

	set("mode", "userns");
	wish = on(getpid(), NULL, far);
	wish_granted(&wish);
	wish = by(container, NULL, near);
	wish_granted(&wish);
	require(counter("registrations") == there + 2, "they are not counted");
	require(!try_wish(KS_IOC_WITHDRAW, &wish), "it could not be withdrawn");
	require(counter("registrations") == there + 1, "it is still there");
	require_answer_of(far, container, 0, "selftest:withdrawn");
	require(nothing_to_take(near), "the agent of a withdrawn registration was asked");
	require(try_wish(KS_IOC_WITHDRAW, &wish) == ENOENT, "what is not there could be withdrawn");
	/* The queue is free again. */
	wish_granted(&wish);
	require_answer_of(near, container, 0, "selftest:registered-again");
}

/* Who waits for an agent that is withdrawn is refused, at once. */
static void withdrawing_refuses_the_backlog(void)
{
	int queue = open_queue();
	pid_t container = stay(CLONE_NEWUSER);
	struct wish wish = by(container, NULL, queue);
	struct message message;
	struct asker asker;

	set("mode", "userns");
	wish_granted(&wish);
	asker = ask_as("selftest:backlog", go_home);
	take(queue, &message);
	require(!try_wish(KS_IOC_WITHDRAW, &wish), "it could not be withdrawn");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(answer_text(queue, message.request.serial, "late") == EBUSY, "a late answer was taken");
}

const struct behaviour userns_behaviours[] = {
	{ "nearest-ancestor-wins", nearest_ancestor_wins },
	{ "walk-reaches-the-initial-namespace", walk_reaches_the_initial_namespace },
	{ "sibling-never-serves", sibling_never_serves },
	{ "dead-nearest-refuses", dead_nearest_refuses },
	{ "ineligible-nearest-is-passed-over", ineligible_nearest_is_passed_over },
	{ "type-comes-before-any", type_comes_before_any },
	{ "withdrawn-is-walked-past", withdrawn_is_walked_past },
	{ "withdrawing-refuses-the-backlog", withdrawing_refuses_the_backlog },
	{ NULL, NULL },
};
