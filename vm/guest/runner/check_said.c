// SPDX-License-Identifier: MIT
#include "check_said.h"

#include <stdio.h>
#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define OUTCOME_MAX 20

static const char *const outcomes[] = { "held", "violated", "unknown", "not-applicable" };

static const char *outcome_of(const char *word)
{
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (strcmp(outcomes[i], word) == 0)
			return outcomes[i];
	return NULL;
}

int check_said_parse(const char *line, struct check_said *said)
{
	char outcome[OUTCOME_MAX + 1];
	int evidence = 0;

	if (sscanf(line, "property %64[" NAME_CHARACTERS "] %20s %n", said->property, outcome, &evidence) != 2 || evidence == 0)
		return -1;
	/* A longer name is none: what follows its first 64 characters is no outcome. */
	said->outcome = outcome_of(outcome);
	snprintf(said->evidence, sizeof(said->evidence), "%s", line + evidence);
	return said->outcome ? 0 : -1;
}
