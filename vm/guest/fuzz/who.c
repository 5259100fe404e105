// SPDX-License-Identifier: MIT
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "../module/selftest/identity.h"
#include "fuzz.h"

const char *const role_names[NR_ROLES] = {
	[ROOT] = "root", [ORDINARY] = "an ordinary user", [NAMESPACED] = "root of a user namespace",
};

void become_role(enum role role)
{
	require(!unshare(CLONE_NEWUTS), "unshare: %s", strerror(errno));
	if (role == ROOT)
		return;
	become_ordinary();
	if (role == NAMESPACED)
		enter_user_namespace();
}
