/* SPDX-License-Identifier: MIT */
/* Namespaces of processes, as /proc shows them. A pid is one of the pid namespace whose /proc is seen here. */
#ifndef KS_CHECKS_NAMESPACES_H
#define KS_CHECKS_NAMESPACES_H

#include <stdint.h>
#include <sys/types.h>

struct inodes {
	uint64_t user, net, mnt, pid, uts, ipc, cgroup;
};

/** A process's. */
struct inodes inodes_of(pid_t pid);

/** One of them, "user" and the like, as a descriptor; pid 0: this process's. */
int namespace_open(pid_t pid, const char *kind);

#endif
