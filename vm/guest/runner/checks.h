/* SPDX-License-Identifier: MIT */
#ifndef KS_CHECKS_H
#define KS_CHECKS_H

#include "plan.h"

/**
 * Runs a block of checks, each with a module and a helper as if it were the first, and emits its frames. 0, or -1 with a
 * failure: a check that breaks, hangs or says nothing is none, but a guest that it leaves broken is.
 */
int checks_run(const struct plan_checks *checks);

#endif
