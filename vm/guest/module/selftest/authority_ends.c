// SPDX-License-Identifier: MIT
/* Delivery fd-keyctl: the authority that reading gives ends with the request, however it ends, and leaves nothing linked. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"

static void fd_keyctl_authority_ends_with_the_request(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("timeout_ms", "50");
	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:over");
	take(queue, &message);
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(assume(message.request.serial) != 0, "the authority for a request that is over can be assumed");
	await_nothing_linked();

	set_usual_timeout();
	asker = ask("selftest:killed");
	take(queue, &message);
	kill(asker.pid, SIGKILL);
	wait_killed(asker.pid);
	require(assume(message.request.serial) != 0, "the authority of a killed requester's request can be assumed");
	await_nothing_linked();
}

/* Whoever assumed in time and answers too late. */
static void fd_keyctl_late_answer_is_refused(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("timeout_ms", "200");
	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:late-keyctl");
	take(queue, &message);
	require(!assume(message.request.serial), "cannot assume the authority");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(instantiate(message.request.serial, "late") != 0, "the late answer was taken");
	await_nothing_linked();
}

/* Races of the reader with the end of the request, by timeout, at many points in time. */
static void fd_keyctl_nothing_is_left_linked(void)
{
	enum { ROUNDS = 40 };
	int queue = open_queue(), round;
	struct message message;
	struct asker asker;
	char description[64];

	set("timeout_ms", "3");
	require(!fcntl(queue, F_SETFL, O_NONBLOCK), "fcntl: %s", strerror(errno));
	register_agent(FD_KEYCTL, queue);
	for (round = 0; round < ROUNDS; round++) {
		int64_t deadline = now_ms() + PATIENCE_MS;

		snprintf(description, sizeof(description), "selftest:race-%d", round);
		asker = ask(description);
		while (still_waiting(&asker)) {
			require(now_ms() < deadline, "the requester waits for ever");
			if (read(queue, &message, sizeof(message)) > 0 && round % 2 && !assume(message.request.serial))
				instantiate(message.request.serial, "in time");
		}
		told(&asker, PROMPT_MS);
		await_nothing_linked();
	}
}

const struct behaviour authority_end_behaviours[] = {
	{ "fd-keyctl-authority-ends-with-the-request", fd_keyctl_authority_ends_with_the_request },
	{ "fd-keyctl-late-answer-is-refused", fd_keyctl_late_answer_is_refused },
	{ "fd-keyctl-nothing-is-left-linked", fd_keyctl_nothing_is_left_linked },
	{ NULL, NULL },
};
