/* SPDX-License-Identifier: MIT */
#ifndef KS_MODULE_H
#define KS_MODULE_H

#include "plan.h"

/** Loads the module, after removing one that a killed runner left. 0, or -1 with a failure. */
int module_load(void);

/** The loaded module's build-id in hexadecimal digits, "" when it has none. Valid until the next call. */
const char *module_build_id(void);

/** Sets fallback, timeout and mode as the cell wants them. 0, or -1 with a failure. */
int module_configure(const struct plan_cell *cell);

/** Switches the module off: the key types are as the kernel made them. 0, or -1 with a failure. */
int module_switch_off(void);

/** Unloads it, retrying within a bound while it is in use, and emits the `unload` frame. Nothing if it is not loaded. */
void module_unload(void);

#endif
