/* SPDX-License-Identifier: MIT */
#ifndef KS_WINDOW_H
#define KS_WINDOW_H

#include "container.h"
#include "ledger.h"
#include "plan.h"

/** What a window needs: the cell, its running containers and its ledger. */
struct stage {
	const struct plan_cell *cell;
	struct container *containers;
	struct ledger ledger;
};

/** Runs the warm-up. 0, or -1 with a failure. */
int warmup_run(struct stage *stage);

/** Runs window `index` of the cell with its faults and emits its frames. 0, or -1 with a failure. */
int window_run(struct stage *stage, uint32_t index);

#endif
