// SPDX-License-Identifier: MIT
/* Delivery "fd-write": read a request from /dev/keystorm, write the answer to it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "agent.h"
#include "keystorm_uapi.h"

/* Enough for any request: see the header. */
#define REQUEST_MAX (sizeof(struct ks_request) + 3 * 4096)

static int queue = -1;

static int fd_open(char *payload, size_t size)
{
	queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	if (queue < 0)
		return -1;
	snprintf(payload, size, "fd-write:%d", queue);
	return 0;
}

static int fd_answer(const struct ks_answer *answer, char *payload)
{
	struct iovec parts[] = {
		{ (void *)answer, sizeof(*answer) },
		{ payload, answer->payload_len },
	};

	return writev(queue, parts, 2) < 0 ? -1 : 0;
}

static void fd_reject(ks_key_serial serial, int error)
{
	struct ks_answer answer = { .serial = serial, .error = (uint32_t)error, .timeout = KS_AGENT_REJECTION_S };

	/* Answered, timed out or gone meanwhile: then there is nothing to reject. */
	(void)fd_answer(&answer, NULL);
}

static void fd_serve_one(const struct ks_request *request, const struct ks_agent_options *options,
			 const struct ks_answerer *self)
{
	const char *description = (const char *)(request + 1) + request->type_len + 1;
	size_t size = ks_answer_size(&options->sizes, description);
	struct ks_answer answer = { .serial = request->serial, .payload_len = (uint32_t)size };
	char payload[KS_ANSWER_MAX];

	if (ks_answer_format(payload, size, self, description))
		fd_reject(request->serial, EMSGSIZE);
	else if (fd_answer(&answer, payload) && errno != EBUSY && errno != ENOKEY)
		fd_reject(request->serial, errno);
}

static int fd_serve(const struct ks_agent_options *options, const struct ks_answerer *self)
{
	static union {
		struct ks_request request;
		char bytes[REQUEST_MAX];
	} message;

	for (;;) {
		if (read(queue, &message, sizeof(message)) >= 0)
			fd_serve_one(&message.request, options, self);
		else if (errno != EINTR)
			return -1;
	}
}

const struct ks_agent_delivery ks_agent_fd_write = { "fd-write", fd_open, fd_serve };
