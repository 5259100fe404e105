/* SPDX-License-Identifier: MIT */
#ifndef KS_CHECKS_PIDFD_H
#define KS_CHECKS_PIDFD_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/** A descriptor of a process, -1 with errno if there is none of that number: ESRCH if it has ended. */
static inline int pidfd_of(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	/* Who was reaped, and whose number somebody still holds (in /proc, say), is EINVAL: kernel/fork.c, pidfd_prepare(). */
	if (pidfd < 0 && errno == EINVAL)
		errno = ESRCH;
	return pidfd;
}

/** Whether it ends (or has ended) within `ms`. */
static inline bool pidfd_ends(int pidfd, int ms)
{
	struct pollfd end = { pidfd, POLLIN, 0 };

	return poll(&end, 1, ms) == 1;
}

#endif
