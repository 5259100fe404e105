// SPDX-License-Identifier: MIT
/* Asking for a key that an agent in another process answers, by each delivery. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "../../module/selftest/authority.h"
#include "operation.h"

/* A request that has failed meanwhile cannot be answered any more. */
static void instantiate_if_asked(ks_key_serial key)
{
	assume(key);
	instantiate(key, "yes");
}

/* An agent of its own process answers with "yes" until it is killed. */
static void serve(struct stage *stage, const char *what, const char *format)
{
	int ready[2];
	char said;

	describe(stage, what);
	require(!pipe2(ready, O_CLOEXEC), "pipe: %s", strerror(errno));
	stage->agent = fork_tied();
	if (!stage->agent) {
		bool signalled = !strncmp(format, "signal", 6), by_keyctl = !strncmp(format, "fd-keyctl", 9);
		int queue = signalled ? -1 : open_queue();

		block_agent_signal();
		register_agent(format, signalled ? agent_signal() : queue);
		require(write(ready[1], "r", 1) == 1, "cannot say ready");
		for (;;) {
			if (signalled) {
				instantiate_if_asked(take_signal());
			} else if (read(queue, &stage->message, sizeof(stage->message)) > 0) {
				if (by_keyctl)
					instantiate_if_asked(stage->message.request.serial);
				else
					answer_text(queue, stage->message.request.serial, "yes");
			}
		}
	}
	close(ready[1]);
	require(read(ready[0], &said, 1) == 1, "the agent did not say ready");
	close(ready[0]);
}

static void prepare_fd_agent(struct stage *stage)
{
	serve(stage, "ask-fd", "fd-write:%d");
}

static void prepare_keyctl_agent(struct stage *stage)
{
	serve(stage, "ask-keyctl", FD_KEYCTL);
}

static void prepare_signal_agent(struct stage *stage)
{
	serve(stage, "ask-signal", "signal:%d");
}

static int request(struct stage *stage)
{
	return ks_request_key("user", stage->description, "ks", KEY_SPEC_SESSION_KEYRING) < 0 ? errno : 0;
}

static void finish_request(struct stage *stage, int error)
{
	ks_key_serial key;

	if (error) {
		/* What failed may stay as a negative key for a moment: another one. */
		strncat(stage->description, "-again", sizeof(stage->description) - strlen(stage->description) - 1);
		require(!request(stage), "the next request fails: %s", strerror(errno));
	}
	key = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, "user", stage->description);
	require(key > 0, "the key is not in the session keyring: %s", strerror(errno));
	kill(stage->agent, SIGKILL);
	wait_killed(stage->agent);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

const struct operation asking_operations[] = {
	{ "request-by-queue", prepare_fd_agent, request, finish_request, 0 },
	/* A signal for which there is no memory is a signal too many. */
	{ "request-by-signal", prepare_signal_agent, request, finish_request, EAGAIN },
	{ "request-by-queue-and-keyctl", prepare_keyctl_agent, request, finish_request, 0 },
	{ .name = NULL },
};
