/* SPDX-License-Identifier: MIT */
#ifndef KS_NAMESPACES_H
#define KS_NAMESPACES_H

#include <stdint.h>
#include <sys/types.h>

#include "json.h"

/** Kinds of namespace, in the order of `inode`. */
#define NAMESPACE_KINDS 7
#define NAMESPACE_USER 0
#define NAMESPACE_PID 3

/** Inodes of a process's user, net, mnt, pid, uts, ipc and cgroup namespaces. */
struct namespaces {
	uint64_t inode[NAMESPACE_KINDS];
};

/** Reads them from /proc. 0, or -1 with errno (ENOENT: it has ended). */
int namespaces_of(pid_t pid, struct namespaces *namespaces);

/** Writes {user, net, …} as member `key`. */
void namespaces_write(struct json *json, const char *key, const struct namespaces *namespaces);

#endif
