// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define EVIDENCE_MAX 1000

/* One write: what a check says that is killed in the middle of it was either said or not. */
static void write_line(const char *line, int size)
{
	if (write(STDOUT_FILENO, line, (size_t)size) != size)
		_exit(1);
}

static void say(const char *property, const char *outcome, const char *evidence, va_list arguments)
{
	char text[EVIDENCE_MAX], line[EVIDENCE_MAX + 128];
	int size;

	vsnprintf(text, sizeof(text), evidence, arguments);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	size = snprintf(line, sizeof(line), "property %s %s %s\n", property, outcome, text);
	write_line(line, size);
}

#define SAY(property, outcome, evidence)                     \
	do {                                                 \
		va_list arguments;                           \
		va_start(arguments, evidence);               \
		say(property, outcome, evidence, arguments); \
		va_end(arguments);                           \
	} while (0)

void held(const char *property, const char *evidence, ...)
{
	SAY(property, "held", evidence);
}

void violated(const char *property, const char *evidence, ...)
{
	SAY(property, "violated", evidence);
}

void unknown(const char *property, const char *evidence, ...)
{
	SAY(property, "unknown", evidence);
}

void not_applicable(const char *property, const char *evidence, ...)
{
	SAY(property, "not-applicable", evidence);
}

void decide(bool holds, const char *property, const char *evidence, ...)
{
	SAY(property, holds ? "held" : "violated", evidence);
}

void fault_was(const char *fault, long hits, bool gone)
{
	char line[128];

	write_line(line, snprintf(line, sizeof(line), "fault %s hits %ld gone %s\n", fault, hits, gone ? "yes" : "no"));
}
