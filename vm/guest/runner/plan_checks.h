/* SPDX-License-Identifier: MIT */
/* The statements of a block of checks. Inside the parser only. */
#ifndef KS_PLAN_CHECKS_H
#define KS_PLAN_CHECKS_H

#include "plan.h"
#include "plan_words.h"

/** A block without statements, or NULL without memory. To be freed with free(). */
struct plan_checks *plan_checks_new(const char *id);

/** Takes one statement of the block. 0, or -1 with a complaint. */
int plan_checks_line(struct plan_checks *checks, struct plan_line *line);

/** At its `end`: is everything there, and does it go together? 0, or -1 with a complaint. */
int plan_checks_end(struct plan_checks *checks, struct plan_line *line);

#endif
