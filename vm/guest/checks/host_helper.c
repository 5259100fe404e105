// SPDX-License-Identifier: MIT
#include "host_helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/helper_paths.h"
#include "../module/selftest/harness.h"

void host_helper_take_away(void)
{
	unlink(KS_HELPER_INCOMING);
	/* The runner has saved the image's own one already, if the block has another helper. */
	require(!link(KS_HELPER, KS_HELPER_SAVED) || errno == EEXIST, "cannot save %s: %s", KS_HELPER, strerror(errno));
	require(!rename(KS_HELPER, KS_HELPER_INCOMING), "cannot take %s away: %s", KS_HELPER, strerror(errno));
}

void host_helper_use_images_own(void)
{
	host_helper_take_away();
	require(!link(KS_HELPER_SAVED, KS_HELPER), "cannot put the image's own %s there: %s", KS_HELPER, strerror(errno));
}

void host_helper_put_back(void)
{
	/* It may be the same file, and then renaming would do nothing. */
	unlink(KS_HELPER);
	require(!rename(KS_HELPER_INCOMING, KS_HELPER), "cannot put %s back: %s", KS_HELPER, strerror(errno));
}
