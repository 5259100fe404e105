// SPDX-License-Identifier: MIT
#include "capabilities.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

void capabilities_keep(uint64_t wanted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	require(!syscall(SYS_capget, &header, data), "capget: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(wanted >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	require(!syscall(SYS_capset, &header, data), "capset: %s", strerror(errno));
}

void capabilities_unbound(int capability)
{
	require(!prctl(PR_CAPBSET_DROP, capability), "PR_CAPBSET_DROP of %d: %s", capability, strerror(errno));
}

static uint64_t of_status(pid_t pid, const char *format)
{
	char path[64], line[256];
	uint64_t mask = 0;
	bool found = false;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	require(status, "cannot open %s: %s", path, strerror(errno));
	while (!found && fgets(line, sizeof(line), status))
		found = sscanf(line, format, &mask) == 1;
	fclose(status);
	require(found, "%s has no line '%s'", path, format);
	return mask;
}

uint64_t capabilities_bounding(pid_t pid)
{
	return of_status(pid, "CapBnd: %" SCNx64);
}

uint64_t capabilities_permitted(pid_t pid)
{
	return of_status(pid, "CapPrm: %" SCNx64);
}
