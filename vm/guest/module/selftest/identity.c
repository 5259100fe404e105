// SPDX-License-Identifier: MIT
#include "identity.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

void become_ordinary(void)
{
	require(!setresgid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID) && !setresuid(ORDINARY_UID, ORDINARY_UID, ORDINARY_UID),
		"cannot become uid %d: %s", ORDINARY_UID, strerror(errno));
}

void become_powerless(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	require(!syscall(SYS_capset, &header, none), "capset: %s", strerror(errno));
}

void enter_user_namespace(void)
{
	require(!unshare(CLONE_NEWUSER), "unshare: %s", strerror(errno));
}
