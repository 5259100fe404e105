/* SPDX-License-Identifier: MIT */
/* One run of ks-check. */
#ifndef KS_CHECK_PROCESS_H
#define KS_CHECK_PROCESS_H

#include <stdint.h>

#include "plan.h"

#define CHECK_OUTPUT_MAX (64 * 1024)
#define CHECK_ERRORS_MAX 4096

/** What came of it. */
struct check_result {
	char output[CHECK_OUTPUT_MAX];
	char errors[CHECK_ERRORS_MAX];
	char problem[64];	/* "" when it ended with status 0 */
	uint64_t ended_at;
};

/**
 * Runs it until it ends or its time is up, then ends whatever it has started, helpers that the kernel executed included. 0,
 * or -1 with a failure.
 */
int check_process_run(const char *name, const struct plan_mechanism *mechanism, struct check_result *result);

#endif
