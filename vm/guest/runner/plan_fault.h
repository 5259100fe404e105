/* SPDX-License-Identifier: MIT */
/* The statement `fault` of a cell, and what its kinds may be. Inside the parser only, but for the table. */
#ifndef KS_PLAN_FAULT_H
#define KS_PLAN_FAULT_H

#include "plan.h"
#include "plan_words.h"

#define PLAN_FAULT_USAGE "fault NAME CONTAINER|guest at_ms A until_ms U [amount N]"
/* The target of a fault of no container. */
#define PLAN_FAULT_GUEST "guest"

/** Takes the statement into the cell. 0, or -1 with a complaint. */
int plan_take_fault(struct plan_cell *cell, struct plan_line *line);

/** Looks at a window's faults when the cell is known as a whole. 0, or -1 with a complaint. */
int plan_check_faults(const struct plan_cell *cell, uint32_t index, struct plan_line *line);

#endif
