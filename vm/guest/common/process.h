/* SPDX-License-Identifier: MIT */
#ifndef KS_PROCESS_H
#define KS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/** A descriptor of the parent and the number the child shall find it under. */
struct process_fd {
	int from;
	int to;
};

/**
 * Starts a program as a child with the given ids (uid also becomes its gid; without other groups) and, beside stdin,
 * stdout and stderr, only the given descriptors. Its parent's end is its own (SIGKILL). Returns the pid, or -1 with
 * errno, also when the program could not be executed.
 */
pid_t process_start(const char *const argv[], uid_t uid, const struct process_fd *fds, int fd_count);

/** Whether what an agent has written to its ready descriptor is its word; false at the pipe's end without one. */
bool process_said_ready(int fd);

/** How a process ended, in words: "status 2", "signal 9". `size` bytes of `text`. */
void process_how(int status, char *text, size_t size);

#endif
