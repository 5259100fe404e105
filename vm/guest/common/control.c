// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control_buffer {
	char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int) * KS_CONTROL_FDS_MAX)];
	struct cmsghdr align;
};

static int send_message(int socket, const char *text, int type, const void *data, size_t size)
{
	union control_buffer control = { 0 };
	struct iovec iov = { .iov_base = (char *)text, .iov_len = strlen(text) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (size > 0) {
		struct cmsghdr *header;

		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(size);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = type;
		header->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(header), data, size);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int ks_control_send_fds(int socket, const char *text, const int *fds, int fd_count)
{
	return send_message(socket, text, SCM_RIGHTS, fds, sizeof(int) * (size_t)fd_count);
}

int ks_control_send_about(int socket, const char *text, pid_t pid)
{
	struct ucred who = { .pid = pid, .uid = getuid(), .gid = getgid() };

	return send_message(socket, text, SCM_CREDENTIALS, &who, sizeof(who));
}

int ks_control_receive(int socket, struct ks_control_message *message, int flags)
{
	union control_buffer control;
	struct iovec iov = { .iov_base = message->text, .iov_len = sizeof(message->text) - 1 };
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes) };
	ssize_t size = recvmsg(socket, &header, flags | MSG_CMSG_CLOEXEC);

	message->pid = 0;
	message->fd_count = 0;
	if (size < 0)
		return -1;
	message->text[size] = '\0';
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_CREDENTIALS) {
			struct ucred who;

			memcpy(&who, CMSG_DATA(c), sizeof(who));
			message->pid = who.pid;
		} else if (c->cmsg_type == SCM_RIGHTS) {
			message->fd_count = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(message->fds, CMSG_DATA(c), sizeof(int) * (size_t)message->fd_count);
		}
	}
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		for (int i = 0; i < message->fd_count; i++)
			close(message->fds[i]);
		message->fd_count = 0;
		errno = EMSGSIZE;
		return -1;
	}
	return size > 0;
}
