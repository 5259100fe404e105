/* SPDX-License-Identifier: MIT */
#ifndef KS_SLOWNESS_H
#define KS_SLOWNESS_H

/** How many times longer than usual anything may take here: what a sanitized kernel's command line says. At least 1. */
int slowness(void);

#endif
