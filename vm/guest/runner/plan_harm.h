/* SPDX-License-Identifier: MIT */
/* What of a plan may be done only to a machine that can be thrown away. */
#ifndef KS_PLAN_HARM_H
#define KS_PLAN_HARM_H

#include "plan.h"

/**
 * The first thing of the plan that would be done to the machine as a whole, and so to everybody on it, as a clause in `text`, of at least
 * PLAN_HARM_TEXT bytes. False: there is none.
 */
bool plan_harms(const struct plan *plan, char *text);

#define PLAN_HARM_TEXT 256

#endif
