// SPDX-License-Identifier: MIT
/* Unloading waits a moment or is refused; it never waits for somebody else. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "behaviours.h"
#include "hanging_helper.h"
#include "harness.h"
#include "homes.h"

/* The requester is in D state, in the kernel's own path, which we have called. */
static void unload_behind_a_stuck_helper_is_refused(void)
{
	struct asker asker;
	int64_t start;
	pid_t helper;

	hanging_helper_install();
	set("fallback", "stock");
	asker = ask("selftest:stuck");
	helper = hanging_helper_await();
	start = now_ms();
	require(unload_keystorm() == EAGAIN, "unloading behind a stuck helper is not refused");
	require(now_ms() - start < PROMPT_MS, "refusing took %lld ms", (long long)(now_ms() - start));
	/* Nor does switching the mode wait for it. */
	set("mode", "off");
	require(still_waiting(&asker), "the requester was disturbed");
	kill(helper, SIGKILL);
	require_error(&asker, ENOKEY, PATIENCE_MS);
	hanging_helper_remove();
}

/* Agents told by signal keep no queue open. They live on, and nobody asks them any more. */
static void unloads_with_registrations(void)
{
	struct ks_registration said = { .size = sizeof(said), .route = KS_ROUTE_USERNS };
	long there = counter("registrations");
	/* Before the queue: it is not to inherit it. */
	pid_t container = stay(CLONE_NEWUSER);
	int device = open_queue();

	block_agent_signal();
	snprintf(said.agent, sizeof(said.agent), "signal:%d", agent_signal());
	said.nr_namespaces = 1;
	said.namespaces[0] = open_namespace(container, "user");
	require(!ioctl(device, KS_IOC_REGISTER, &said), "registering: %s", strerror(errno));
	strcpy(said.key_type, "user");
	require(!ioctl(device, KS_IOC_REGISTER, &said), "registering for a type: %s", strerror(errno));
	register_agent("signal:%d", agent_signal());
	require(counter("registrations") == there + 2, "they are not counted");
	close(device);
	require(!unload_keystorm(), "unloading: %s", strerror(errno));
	load_keystorm();
	require(counter("registrations") == 0, "something was registered with the new module");
	/* A namespace that ends now is nothing to it. */
	leave(container);
}

const struct behaviour unload_behaviours[] = {
	{ "unload-behind-a-stuck-helper-is-refused", unload_behind_a_stuck_helper_is_refused },
	{ "unloads-with-registrations", unloads_with_registrations },
	{ NULL, NULL },
};
