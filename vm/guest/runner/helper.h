/* SPDX-License-Identifier: MIT */
#ifndef KS_HELPER_H
#define KS_HELPER_H

#include "plan.h"

/** Puts /sbin/request-key back as it was, if a killed runner could not. 0, or -1 with a failure. */
int helper_recover(void);

/** Puts the mechanism's helper at /sbin/request-key, whatever stands there. 0, or -1 with a failure. */
int helper_install(const struct plan_mechanism *mechanism);

/** Tells helpers the sizes of a cell's answers. 0, or -1 with a failure. */
int helper_set_sizes(const struct plan_cell *cell);

/** Puts the image's own helper back. 0, or -1 with a failure. */
int helper_restore(void);

#endif
