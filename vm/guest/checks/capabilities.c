// SPDX-License-Identifier: MIT
#include "capabilities.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "process_status.h"

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

uint64_t capabilities_bounding(pid_t pid)
{
	return status_mask(pid, "CapBnd");
}

uint64_t capabilities_permitted(pid_t pid)
{
	return status_mask(pid, "CapPrm");
}
