// SPDX-License-Identifier: MIT
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "files.h"
#include "payload.h"
#include "workplace.h"

#define HELPER "/sbin/request-key"
/* A second name for the image's own helper while another stands in its place; found after a runner that was killed. */
#define SAVED "/sbin/request-key.keystorm-saved"
#define INCOMING "/sbin/request-key.keystorm-new"
#define MINIMAL GUEST_PROGRAMS "/ks-answer"
#define PAYLOAD_BYTES_FILE WORKPLACE "/payload_bytes"

int helper_restore(void)
{
	/* rename of one name of a file onto another of the same file does nothing, hence the unlink. */
	if (rename(SAVED, HELPER) && errno != ENOENT)
		return fail("helper", "cannot put " HELPER " back: %s", strerror(errno));
	unlink(SAVED);
	return 0;
}

int helper_recover(void)
{
	if (helper_restore())
		return -1;
	if (access(HELPER, X_OK))
		return fail("helper", HELPER " is missing in this guest: %s", strerror(errno));
	return 0;
}

/* There is a helper at its place at every moment: requests from outside our containers must not fail. */
static int install_minimal(void)
{
	unlink(INCOMING);
	if (link(HELPER, SAVED) || symlink(MINIMAL, INCOMING) || rename(INCOMING, HELPER))
		return fail("helper", "cannot put " MINIMAL " at " HELPER ": %s", strerror(errno));
	return 0;
}

int helper_install(const struct plan_cell *cell)
{
	char sizes[KS_ANSWER_SIZES_TEXT];

	payload_text(cell, sizes);
	if (file_write(PAYLOAD_BYTES_FILE, sizes))
		return fail("helper", "cannot write " PAYLOAD_BYTES_FILE ": %s", strerror(errno));
	if (helper_restore())
		return -1;
	return cell->helper == HELPER_MINIMAL ? install_minimal() : 0;
}
