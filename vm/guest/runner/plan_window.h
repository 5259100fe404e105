/* SPDX-License-Identifier: MIT */
/* The statement `window` of a cell. Inside the parser only. */
#ifndef KS_PLAN_WINDOW_H
#define KS_PLAN_WINDOW_H

#include "plan.h"
#include "plan_words.h"

#define PLAN_WINDOW_USAGE "window MS N [samples] [batch] [stages] [rate R]"

/** Takes the statement into the cell. 0, or -1 with a complaint. */
int plan_take_window(struct plan_cell *cell, struct plan_line *line);

/** The place of a container among the cell's, or -1. */
int plan_find_container(const struct plan_cell *cell, const char *name);

#endif
