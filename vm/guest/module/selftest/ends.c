// SPDX-License-Identifier: MIT
/* A registration keeps no namespace from ending, and is withdrawn when one ends. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"

/* Namespaces that may be made until one has the number of another that has ended. */
#define TRIES_MAX 200

/* The queue stays open, here, and so does nothing else of the container. */
static void user_namespace_end_withdraws(void)
{
	long there = counter("registrations"), ends = counter("namespace_ends");
	pid_t container = stay(CLONE_NEWUSER);
	struct wish wish = { KS_ROUTE_USERNS, NULL, NULL, 0, 0, open_queue(), go_home };

	set("mode", "userns");
	home = container;
	wish_granted(&wish);
	require(counter("registrations") == there + 1, "it is not counted");
	leave(container);
	await_counter("registrations", there);
	require(counter("namespace_ends") == ends + 1, "it was withdrawn for another reason");
	/* The queue serves nobody now, so it can serve another. */
	container = stay(CLONE_NEWUSER);
	home = container;
	wish_granted(&wish);
	require_answer_of(wish.queue, container, 0, "selftest:next-container");
}

static void end_of_any_named_namespace_withdraws(void)
{
	long there = counter("registrations"), ends = counter("namespace_ends");
	int i;

	set("mode", "intercept");
	for (i = 0; i < NR_KINDS; i++) {
		const char *const names[] = { kind_names[i], NULL };
		pid_t container = stay(kind_flags[i]);
		struct wish wish = { KS_ROUTE_INTERCEPT, "user", names, container, 0, open_queue(), NULL };

		wish_granted(&wish);
		require(counter("registrations") == there + 1, "it is not counted");
		leave(container);
		await_counter("registrations", there);
		require(counter("namespace_ends") == ends + i + 1, "a filter for %s was withdrawn for another reason",
			kind_names[i]);
		close(wish.queue);
	}
}

/* One of two namespaces is enough: the filter can never match again. */
static void end_of_one_of_two_withdraws(void)
{
	static const char *const user_and_uts[] = { "user", "uts", NULL };
	long there = counter("registrations");
	pid_t container = stay(CLONE_NEWUSER | CLONE_NEWUTS);
	int user = open_namespace(container, "user");
	struct wish wish = { KS_ROUTE_INTERCEPT, NULL, user_and_uts, container, 0, open_queue(), NULL };

	set("mode", "intercept");
	wish_granted(&wish);
	leave(container);
	await_counter("registrations", there);
	require(!setns(user, CLONE_NEWUSER), "the user namespace has ended too: %s", strerror(errno));
}

static void number_of(pid_t pid, char *text, size_t size)
{
	char path[64];
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	got = readlink(path, text, size - 1);
	require(got > 0, "cannot read %s: %s", path, strerror(errno));
	text[got] = '\0';
}

/* The kernel gives the number of a namespace that has ended to the next one. */
static void namesake_is_not_served(void)
{
	pid_t container = stay(CLONE_NEWUSER), others[TRIES_MAX];
	struct wish wish = { KS_ROUTE_USERNS, NULL, user_only, container, 0, open_queue(), NULL };
	char number[64], other[64] = "";
	int i;

	set("mode", "userns");
	number_of(container, number, sizeof(number));
	wish_granted(&wish);
	leave(container);
	for (i = 0; i < TRIES_MAX; i++) {
		others[i] = stay(CLONE_NEWUSER);
		number_of(others[i], other, sizeof(other));
		if (!strcmp(number, other))
			break;
		sleep_ms(5);
	}
	require(i < TRIES_MAX, "no namespace was given the number again");
	require_refusal(others[i], "selftest:namesake", ENOKEY);
	require(nothing_to_take(wish.queue), "the agent of a namespace that has ended was asked");
}

const struct behaviour end_behaviours[] = {
	{ "user-namespace-end-withdraws", user_namespace_end_withdraws },
	{ "end-of-any-named-namespace-withdraws", end_of_any_named_namespace_withdraws },
	{ "end-of-one-of-two-withdraws", end_of_one_of_two_withdraws },
	{ "namesake-is-not-served", namesake_is_not_served },
	{ NULL, NULL },
};
