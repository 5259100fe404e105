// SPDX-License-Identifier: MIT
/*
 * Delivery "fd-keyctl": a read from /dev/keystorm hands over a request, and with it the authority over its key: it is linked into
 * the reader's process keyring. The answer is keyctl(2)'s.
 */
#include "authority.h"
#include "queue.h"

static int open_queue(char *text)
{
	return ks_queue_open("fd-keyctl", text);
}

static int take(const struct ks_agent *agent, struct ks_question *question)
{
	do {
		if (ks_queue_take(agent, question))
			return -1;
		/* The request may be over already. */
	} while (ks_authority_assume(agent, question));
	return 0;
}

const struct ks_agent_delivery ks_delivery_fd_keyctl = {
	.name = "fd-keyctl",
	.open = open_queue,
	.take = take,
	.give = ks_authority_give,
	.give_malformed = ks_authority_give_malformed,
	.leave = ks_authority_leave,
};
