/* SPDX-License-Identifier: MIT */
#ifndef KS_PLAN_CHECK_H
#define KS_PLAN_CHECK_H

#include "plan.h"
#include "plan_words.h"

/** Whether the statements of a whole cell go together. 0, or -1 with a complaint. Inside the parser only. */
int plan_check(const struct plan_cell *cell, struct plan_line *line);

#endif
