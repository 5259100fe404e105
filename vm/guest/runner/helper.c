// SPDX-License-Identifier: MIT
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/helper_paths.h"
#include "failure.h"
#include "files.h"
#include "payload.h"
#include "workplace.h"

#define PAYLOAD_BYTES_FILE WORKPLACE "/payload_bytes"

static const char *const programs[] = {
	[HELPER_KEYUTILS] = NULL,	/* the image's own */
	[HELPER_MINIMAL] = GUEST_PROGRAMS "/ks-answer",
	[HELPER_NSENTER] = GUEST_PROGRAMS "/ks-answer-nsenter",
};


int helper_restore(void)
{
	/* rename of one name of a file onto another of the same file does nothing, hence the unlink. */
	if (rename(KS_HELPER_SAVED, KS_HELPER) && errno != ENOENT)
		return fail("helper", "cannot put " KS_HELPER " back: %s", strerror(errno));
	unlink(KS_HELPER_SAVED);
	return 0;
}

int helper_recover(void)
{
	if (helper_restore())
		return -1;
	if (access(KS_HELPER, X_OK))
		return fail("helper", KS_HELPER " is missing in this guest: %s", strerror(errno));
	return 0;
}

/* There is a helper at its place at every moment: requests from outside our containers must not fail. */
static int install(const char *program)
{
	unlink(KS_HELPER_INCOMING);
	if (link(KS_HELPER, KS_HELPER_SAVED) || symlink(program, KS_HELPER_INCOMING) || rename(KS_HELPER_INCOMING, KS_HELPER))
		return fail("helper", "cannot put %s at " KS_HELPER ": %s", program, strerror(errno));
	return 0;
}

int helper_install(const struct plan_mechanism *mechanism)
{
	const char *program = programs[mechanism->helper];

	if (helper_restore())
		return -1;
	return program ? install(program) : 0;
}

int helper_set_sizes(const struct plan_cell *cell)
{
	char sizes[KS_ANSWER_SIZES_TEXT];

	payload_text(cell, sizes);
	if (file_write(PAYLOAD_BYTES_FILE, sizes))
		return fail("helper", "cannot write " PAYLOAD_BYTES_FILE ": %s", strerror(errno));
	return 0;
}
