/* SPDX-License-Identifier: MIT */
#ifndef KS_CELL_H
#define KS_CELL_H

#include <stdint.h>

#include "plan.h"

/**
 * Runs a cell: settings, containers, agents, requesters, warm-up, windows, clearing up; and emits its frames.
 * 0, or -1 with a failure; its containers are gone in both cases, or the failure says which is not.
 */
int cell_run(const struct plan_cell *cell, uint64_t init_userns);

#endif
