/* SPDX-License-Identifier: MIT */
/*
 * Messages between the runner and a container's init (ks-pod), one datagram of text each over a SOCK_SEQPACKET pair.
 *
 * runner -> pod
 *	agent <id> <route> <delivery> <filter> <type> <sizes> <uid>
 *				start an agent; carries the stage switch (stage_switch.h) and the dose (dose.h). <filter>: kinds of
 *				namespaces, "user,net", or "-" for none; <type>: a key type, or "any"; <sizes>: its answers', "256,1024"
 *	link <serial>		link a key into the container's session keyring
 *	hammers <cell> <container> <index> <first> <count> <uid> <setuid> <depth>
 *				start requesters, numbered from <first>, <depth> user namespaces below the container's; carries ledger
 *				and eventfd
 *	kill <worker>		SIGKILL to a requester
 *	fork			try to start a process, which ends at once
 * pod -> runner, each with the credentials of the process it is about, whose pid the kernel translates
 *	hello			of the pod itself
 *	agent-ready <id> <ns>	of the agent; <ns> is the CLOCK_MONOTONIC time its word arrived
 *	linked			the key is linked
 *	forked yes|no		whether the kernel let it
 *	agent-exit <id> <how>	e.g. "signal 9", "status 2"
 *	hammer-exit <worker> <how>
 *	failed <sentence>	the pod cannot do what it was told
 * The pod ends, and with it everything in its pid namespace, when the runner's end closes.
 */
#ifndef KS_CONTROL_H
#define KS_CONTROL_H

#include <sys/types.h>

#define KS_CONTROL_FD 3
#define KS_CONTROL_MESSAGE_MAX 512
#define KS_CONTROL_FDS_MAX 2

struct ks_control_message {
	char text[KS_CONTROL_MESSAGE_MAX];
	pid_t pid;	/* of the process it is about, in the receiver's pid namespace; 0 without credentials */
	int fds[KS_CONTROL_FDS_MAX];
	int fd_count;
};

/** Sends text with descriptors. Returns 0, or -1 with errno. */
int ks_control_send_fds(int socket, const char *text, const int *fds, int fd_count);

/** Sends text with the credentials of `pid` (of this process, or, with CAP_SYS_ADMIN, of another one). 0, or -1 with errno. */
int ks_control_send_about(int socket, const char *text, pid_t pid);

/** Receives one message; does not block if flags has MSG_DONTWAIT. 1, 0 at the end of the connection, -1 with errno. */
int ks_control_receive(int socket, struct ks_control_message *message, int flags);

#endif
