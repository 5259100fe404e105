/* SPDX-License-Identifier: MIT */
#ifndef KS_FAILURE_H
#define KS_FAILURE_H

#include <stdbool.h>

/** What the runner ends with. */
enum runner_exit {
	RUNNER_DONE = 0,
	RUNNER_REFUSED = 2,	/* a malformed plan, or not a machine the runner may work on */
	RUNNER_BROKEN = 3,	/* the guest or the runner failed */
	RUNNER_STOPPED = 143,	/* told to stop before the end of the plan */
};

/** The first thing that went wrong: the one the error frame names. Later ones are its consequences. */
struct failure {
	bool failed;
	enum runner_exit exit;
	char where[64];
	char message[512];
};

extern struct failure failure;

/** Records a failure unless there is one, and says it on stderr. `message` is one sentence. Always returns -1. */
int fail(const char *where, const char *message, ...) __attribute__((format(printf, 2, 3)));

/** Like fail, with the status the runner shall exit with. */
int fail_with(enum runner_exit exit, const char *where, const char *message, ...) __attribute__((format(printf, 3, 4)));

#endif
