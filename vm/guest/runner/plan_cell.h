/* SPDX-License-Identifier: MIT */
/* The statements of a cell. Inside the parser only. */
#ifndef KS_PLAN_CELL_H
#define KS_PLAN_CELL_H

#include "plan.h"
#include "plan_words.h"

/** A cell without statements, or NULL without memory. */
struct plan_cell *plan_cell_new(const char *id);

void plan_cell_free(struct plan_cell *cell);

/** Takes one statement of the cell. 0, or -1 with a complaint. */
int plan_cell_line(struct plan_cell *cell, struct plan_line *line);

/** At its `end`: is everything there, and does it go together? 0, or -1 with a complaint. */
int plan_cell_end(struct plan_cell *cell, struct plan_line *line);

#endif
