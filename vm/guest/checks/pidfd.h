/* SPDX-License-Identifier: MIT */
#ifndef KS_CHECKS_PIDFD_H
#define KS_CHECKS_PIDFD_H

#include <poll.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/** A descriptor of a process, -1 with errno if there is none of that number. */
static inline int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/** Whether it ends (or has ended) within `ms`. */
static inline bool pidfd_ends(int pidfd, int ms)
{
	struct pollfd end = { pidfd, POLLIN, 0 };

	return poll(&end, 1, ms) == 1;
}

#endif
