// SPDX-License-Identifier: MIT
#include "order.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

/* For fork, unshare, map and mount, or for crun, on an emulated processor that others use too. */
#define START_MS 60000

union rights {
	char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int place_channel(int type, int *other)
{
	int pair[2], on = 1;

	require(!socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair), "socketpair: %s", strerror(errno));
	require(!setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), "SO_PASSCRED: %s", strerror(errno));
	*other = pair[1];
	return pair[0];
}

void order_send(int control, const struct order *order, int channel)
{
	union rights rights = { 0 };
	struct iovec iov = { (void *)order, offsetof(struct order, argument) + order->size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = CMSG_SPACE(sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &channel, sizeof(int));
	require(sendmsg(control, &message, MSG_NOSIGNAL) > 0, "the init of a place has gone: %s", strerror(errno));
}

/* The channel that came with the order, or -1 when no more will come. */
static int order_take(int control, struct order *order)
{
	union rights rights;
	struct iovec iov = { order, sizeof(*order) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = sizeof(rights.bytes) };
	struct cmsghdr *header;
	int channel = -1;

	if (recvmsg(control, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&channel, CMSG_DATA(header), sizeof(int));
	return channel;
}

void order_begun(int channel)
{
	require(write(channel, "", 1) == 1, "cannot report to the check: %s", strerror(errno));
}

pid_t order_hear_pid(int channel)
{
	char byte;
	union rights rights;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = rights.bytes, .msg_controllen = sizeof(rights.bytes) };
	struct pollfd ready = { channel, POLLIN, 0 };
	struct cmsghdr *header;
	struct ucred who;

	require(poll(&ready, 1, START_MS) == 1 && recvmsg(channel, &message, MSG_CMSG_CLOEXEC) == 1,
		"a process did not start in its place");
	header = CMSG_FIRSTHDR(&message);
	require(header && header->cmsg_type == SCM_CREDENTIALS, "a process did not say who it is");
	memcpy(&who, CMSG_DATA(header), sizeof(who));
	return who.pid;
}

void place_serve(int control)
{
	struct sigaction reap = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	static struct order order;
	int channel;

	order_begun(control);
	sigaction(SIGCHLD, &reap, NULL);
	while ((channel = order_take(control, &order)) >= 0) {
		pid_t pid = fork();

		if (!pid) {
			signal(SIGCHLD, SIG_DFL);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(control);
			order_begun(channel);
			order.run(channel, order.argument);
			_exit(0);
		}
		if (pid < 0)
			fprintf(stderr, "fork in a place: %s\n", strerror(errno));
		close(channel);
	}
	_exit(0);
}
