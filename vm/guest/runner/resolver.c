// SPDX-License-Identifier: MIT
#include "resolver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/resolver_paths.h"
#include "failure.h"

int resolver_restore(void)
{
	struct stat saved;

	unlink(KS_RESOLV_CONF_INCOMING);
	/* Nothing to say: there was no file. */
	if (!stat(KS_RESOLV_CONF_SAVED, &saved) && saved.st_size == 0)
		unlink(KS_RESOLV_CONF);
	else if (rename(KS_RESOLV_CONF_SAVED, KS_RESOLV_CONF) && errno != ENOENT)
		return fail("checks", "cannot put " KS_RESOLV_CONF " back: %s", strerror(errno));
	/* As in helper_restore(): between two names of one file, rename does nothing. */
	unlink(KS_RESOLV_CONF_SAVED);
	return 0;
}
