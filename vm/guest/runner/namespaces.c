// SPDX-License-Identifier: MIT
#include "namespaces.h"

#include <stdio.h>
#include <sys/stat.h>

static const char *const kinds[NAMESPACE_KINDS] = { "user", "net", "mnt", "pid", "uts", "ipc", "cgroup" };

int namespaces_of(pid_t pid, struct namespaces *namespaces)
{
	char path[64];
	struct stat status;

	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kinds[i]);
		if (stat(path, &status))
			return -1;
		namespaces->inode[i] = status.st_ino;
	}
	return 0;
}

void namespaces_write(struct json *json, const char *key, const struct namespaces *namespaces)
{
	json_object(json, key);
	for (int i = 0; i < NAMESPACE_KINDS; i++)
		json_unsigned(json, kinds[i], namespaces->inode[i]);
	json_object_end(json);
}
