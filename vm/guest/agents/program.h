/* SPDX-License-Identifier: MIT */
#ifndef KS_AGENT_PROGRAM_H
#define KS_AGENT_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/* Bytes of a program's output that are kept; what it writes beyond is read and dropped. */
#define PROGRAM_OUTPUT_MAX 1024

/** How a program ended, and the beginning of what it wrote to standard output and standard error. */
struct program_end {
	int status;
	int signal;	/* that ended it; 0: none did */
	size_t size;
	char output[PROGRAM_OUTPUT_MAX];
};

/**
 * Executes a program in the namespaces of this process as user `uid` and group `gid` of them, without any of this process's descriptors,
 * authorities over keys, blocked signals or environment, and waits for its end; it is killed after `ms`. 0, or a negative
 * errno when it could not be executed: EPERM also when this process may not become that user.
 */
int program_run(char *const argv[], uid_t uid, gid_t gid, unsigned int ms, struct program_end *end);

#endif
