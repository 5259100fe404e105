/* SPDX-License-Identifier: MIT */
/* The statements that say which mechanism a cell or a block of checks is about. Inside the parser only. */
#ifndef KS_PLAN_MECHANISM_H
#define KS_PLAN_MECHANISM_H

#include "plan.h"
#include "plan_block.h"

#define PLAN_TIMEOUT_MS_MAX 3600000

/** They, as part of a block of that kind and id. */
struct plan_block plan_mechanism_block(const char *kind, const char *id, struct plan_mechanism *mechanism);

/** Whether they go together. 0, or -1 with a complaint. */
int plan_mechanism_check(const char *kind, const char *id, const struct plan_mechanism *mechanism, struct plan_line *line);

#endif
