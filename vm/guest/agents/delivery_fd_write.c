// SPDX-License-Identifier: MIT
/* Delivery "fd-write": read a request from /dev/keystorm, write the answer to it. No keyring is involved. */
#include <sys/uio.h>

#include "keystorm_uapi.h"
#include "queue.h"

static int open_queue(char *text)
{
	return ks_queue_open("fd-write", text);
}

static int give(const struct ks_question *question, const struct ks_reply *reply)
{
	struct ks_answer answer = { .serial = question->serial };
	struct iovec parts[] = {
		{ &answer, sizeof(answer) },
		{ (void *)reply->bytes, reply->error ? 0 : reply->size },
	};

	if (reply->error) {
		answer.error = (uint32_t)reply->error;
		answer.timeout = reply->seconds;
	} else {
		answer.payload_len = (uint32_t)reply->size;
	}
	return writev(ks_queue_fd(), parts, 2) < 0 ? -1 : 0;
}

static int give_malformed(const struct ks_question *question, enum ks_malformed way)
{
	static char huge[KS_HUGE];
	struct ks_answer answer = { .serial = question->serial };
	struct iovec parts[] = {
		{ &answer, sizeof(answer) },
		{ huge, 0 },
	};

	/* An error of 0 says that a payload follows: here none does. */
	if (way == KS_MALFORMED_KERNEL_ERROR) {
		answer.error = KS_KERNEL_ERROR;
		answer.timeout = KS_AGENT_REJECTION_S;
	} else if (way == KS_MALFORMED_HUGE) {
		answer.payload_len = sizeof(huge);
		parts[1].iov_len = sizeof(huge);
	}
	return writev(ks_queue_fd(), parts, 2) < 0 ? -1 : 0;
}

static void leave(void)
{
	/* Who answers is of no interest, only where. */
}

const struct ks_agent_delivery ks_delivery_fd_write = {
	.name = "fd-write",
	.open = open_queue,
	.take = ks_queue_take,
	.give = give,
	.give_malformed = give_malformed,
	.leave = leave,
};
