// SPDX-License-Identifier: MIT
#include "queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "keystorm_uapi.h"

static int queue = -1;

int ks_queue_open(const char *delivery, char *text)
{
	/* Not for programs that this agent may execute: the queue lives as long as its last descriptor. */
	queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	if (queue < 0)
		return -1;
	snprintf(text, KS_AGENT_TEXT_MAX, "%s:%d", delivery, queue);
	return 0;
}

int ks_queue_take(const struct ks_agent *agent, struct ks_question *question)
{
	static union {
		struct ks_request request;
		char bytes[KS_REQUEST_MAX];
	} message;
	const struct ks_request *request = &message.request;

	while (read(queue, &message, sizeof(message)) < 0)
		if (errno != EINTR)
			return -1;
	question->stages = (struct ks_answer_stages){ .woke = ks_agent_stamp(agent) };
	question->serial = request->serial;
	question->uid = request->uid;
	question->gid = request->gid;
	question->type = (const char *)(request + 1);
	question->description = question->type + request->type_len + 1;
	question->callout = question->description + request->desc_len + 1;
	return 0;
}

int ks_queue_fd(void)
{
	return queue;
}
