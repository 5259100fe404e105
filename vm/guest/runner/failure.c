// SPDX-License-Identifier: MIT
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

struct failure failure;

static int record(enum runner_exit exit, const char *where, const char *message, va_list args)
{
	char text[sizeof(failure.message)];

	vsnprintf(text, sizeof(text), message, args);
	fprintf(stderr, "ks-runner: %s: %s\n", where, text);
	if (!failure.failed) {
		failure.failed = true;
		failure.exit = exit;
		snprintf(failure.where, sizeof(failure.where), "%s", where);
		snprintf(failure.message, sizeof(failure.message), "%s", text);
	}
	return -1;
}

int fail(const char *where, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	record(RUNNER_BROKEN, where, message, args);
	va_end(args);
	return -1;
}

int fail_with(enum runner_exit exit, const char *where, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	record(exit, where, message, args);
	va_end(args);
	return -1;
}
