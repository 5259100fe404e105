// SPDX-License-Identifier: MIT
#include "check_said.h"

#include <stdio.h>
#include <stdlib.h>
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

static int parse_property(const char *line, struct check_said *said)
{
	char outcome[OUTCOME_MAX + 1];
	int evidence = 0;

	if (sscanf(line, "property %64[" NAME_CHARACTERS "] %20s %n", said->name, outcome, &evidence) != 2 || evidence == 0)
		return -1;
	said->kind = SAID_PROPERTY;
	/* A longer name is none: what follows its first 64 characters is no outcome. */
	said->outcome = outcome_of(outcome);
	snprintf(said->evidence, sizeof(said->evidence), "%s", line + evidence);
	return said->outcome ? 0 : -1;
}

static int parse_fault(const char *line, struct check_said *said)
{
	char hits[11], gone[4];
	int end = 0;

	/* At most nine digits are a number that fits. */
	if (sscanf(line, "fault %64[" NAME_CHARACTERS "] hits %9[0-9] gone %3s%n", said->name, hits, gone, &end) != 3 ||
	    line[end] != '\0')
		return -1;
	said->kind = SAID_FAULT;
	said->hits = (uint32_t)strtoul(hits, NULL, 10);
	said->gone = strcmp(gone, "yes") == 0;
	return said->gone || strcmp(gone, "no") == 0 ? 0 : -1;
}

int check_said_parse(const char *line, struct check_said *said)
{
	return parse_property(line, said) && parse_fault(line, said) ? -1 : 0;
}
