// SPDX-License-Identifier: MIT
/*
 * A whole agent in one file, to be read, copied and changed: docs/writing-an-agent.md goes through it.
 *
 * It answers requests for keys of type "user" whose description begins with "example:". Started in a container, by whoever
 * starts the container, it serves the processes that share its session keyring:
 *
 *	ks-example-agent &
 *	keyctl print $(keyctl request2 user example:hello "" @s)
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "keystorm_uapi.h"

#define KEY_TYPE "user"
#define PREFIX "example:"
/* A refusal is remembered as a negative key for so many seconds. */
#define REFUSAL_S 1

/* One request: the header, then type, description and callout, each ended by a NUL. */
union message {
	struct ks_request request;
	char bytes[sizeof(struct ks_request) + 3 * 4096];
};

/*
 * From here on the kernel knows who answers: whoever has this key in the session keyring, and may be served by this
 * process, is. The key outlives the agent: when the agent is gone, requests are refused, until a new one adds it again.
 */
static int enlist(int queue)
{
	char agent[32];
	int length = snprintf(agent, sizeof(agent), "fd-write:%d", queue);

	return syscall(SYS_add_key, KS_KEY_TYPE_AGENT, KEY_TYPE, agent, length, KEY_SPEC_SESSION_KEYRING) < 0 ? -1 : 0;
}

/*
 * The kernel has looked at who asks: nobody whom this agent could not have traced. Who may have *this* key is for
 * the agent to decide, by the user who asks (in numbers of the agent's own user namespace) and by what is asked for.
 */
static int may_have(const struct ks_request *request, const char *description)
{
	return request->uid == getuid() && strncmp(description, PREFIX, strlen(PREFIX)) == 0;
}

static int answer(int queue, int serial, const char *payload)
{
	struct ks_answer answer = { .serial = serial, .payload_len = (unsigned int)strlen(payload) };
	struct iovec parts[] = { { &answer, sizeof(answer) }, { (void *)payload, strlen(payload) } };

	return writev(queue, parts, 2) < 0 ? -1 : 0;
}

static void refuse(int queue, int serial, int error)
{
	struct ks_answer answer = { .serial = serial, .error = (unsigned int)error, .timeout = REFUSAL_S };

	/* The request may be over: its time was up, or its requester has been killed. Then there is nothing to refuse. */
	if (write(queue, &answer, sizeof(answer)) < 0 && errno != EBUSY && errno != ENOKEY)
		perror("ks-example-agent: refusing a request");
}

static void serve(int queue, const struct ks_request *request)
{
	/* Strings of the requester's choosing: any byte but NUL may be in them. */
	const char *type = (const char *)(request + 1);
	const char *description = type + request->type_len + 1;
	char payload[128];

	if (!may_have(request, description)) {
		refuse(queue, request->serial, EACCES);
		return;
	}
	snprintf(payload, sizeof(payload), "%.40s to you, user %u, from agent %d", description + strlen(PREFIX), request->uid,
		 getpid());
	/* An answer that the key type does not take leaves the request waiting: it must not be left there. */
	if (answer(queue, request->serial, payload) && errno != EBUSY && errno != ENOKEY)
		refuse(queue, request->serial, errno);
}

static int fail(const char *what)
{
	fprintf(stderr, "ks-example-agent: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(void)
{
	static union message message;
	/* The queue lives as long as its last descriptor: one that a child inherited would keep a dead agent's requests waiting. */
	int queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);

	if (queue < 0)
		return fail("cannot open " KS_DEVICE);
	if (enlist(queue))
		return fail("cannot register for keys of type " KEY_TYPE);
	/* Requests wait in the queue from here on. Whoever started this may want to know. */
	puts("ready");
	fflush(stdout);
	for (;;) {
		if (read(queue, &message, sizeof(message)) >= 0)
			serve(queue, &message.request);
		else if (errno != EINTR)
			return fail("cannot take requests any longer");
	}
}
