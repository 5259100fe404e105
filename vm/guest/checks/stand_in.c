// SPDX-License-Identifier: MIT
#include "stand_in.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/keys.h"
#include "../module/selftest/harness.h"
#include "actor.h"
#include "answer_text.h"
#include "question.h"

/* /sbin/request-key create <key> <uid> … */
#define ARGUMENT_KEY 2

/* What follows a word, or NULL. */
static const char *after(const char *description, const char *word)
{
	return strncmp(description, word, strlen(word)) ? NULL : description + strlen(word);
}

static void answer_key(ks_key_serial key, const char *description)
{
	char text[ANSWER_TEXT_SIZE];

	answer_text_of(0, description, text);
	require(!syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, text, strlen(text) + 1, 0), "cannot answer: %s", strerror(errno));
}

static void look_for_mark(void)
{
	require(ks_request_key("user", ASKERS_MARK, NULL, 0) > 0, "the asker's mark is not found: %s", strerror(errno));
}

static void ask_first(const char *rest)
{
	char description[200];

	snprintf(description, sizeof(description), STAND_IN_LOOKS "%s", rest);
	/* Where it goes is the kernel's choice. */
	require(ks_request_key("user", description, "ks", 0) > 0, "cannot ask for '%s': %s", description, strerror(errno));
}

void stand_in_run(int argc, char **argv)
{
	ks_key_serial key = argc > ARGUMENT_KEY ? atoi(argv[ARGUMENT_KEY]) : 0;
	char described[512] = "", *description = described;

	/* Its description comes after the fourth semicolon. */
	syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, described, sizeof(described) - 1);
	for (int i = 0; description && i < 4; i++)
		strsep(&description, ";");
	if (!description || (!after(description, STAND_IN_REJECTS) && !after(description, STAND_IN_LOOKS) &&
			     !after(description, STAND_IN_ASKS)))
		actor_helper_run(key);

	require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) > 0, "cannot assume the authority: %s", strerror(errno));
	if (after(description, STAND_IN_REJECTS)) {
		require(!syscall(SYS_keyctl, KEYCTL_REJECT, key, STAND_IN_SECONDS, ENOENT, 0), "cannot reject: %s", strerror(errno));
		_exit(0);
	}
	if (after(description, STAND_IN_LOOKS))
		look_for_mark();
	if (after(description, STAND_IN_ASKS))
		ask_first(after(description, STAND_IN_ASKS));
	answer_key(key, description);
	_exit(0);
}
