/* SPDX-License-Identifier: MIT */
#ifndef KS_MODULE_H
#define KS_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/** Loads the module, after removing one that a killed runner left. 0, or -1 with a failure. */
int module_load(void);

/** The loaded module's build-id in hexadecimal digits, "" when it has none. Valid until the next call. */
const char *module_build_id(void);

/** Sets fallback, timeout and mode as the mechanism wants them, and loads keystorm_rfc.ko for its route. 0, or -1 with a failure. */
int module_configure(const struct plan_mechanism *mechanism);

/** Has each upcall to an agent execute so many instructions more than it needs. 0, or -1 with a failure. */
int module_path_instructions(uint32_t count);

/** Switches the module off and removes keystorm_rfc.ko: key types are as the kernel made them, no path is longer. 0, or -1 with a failure. */
int module_switch_off(void);

/** Whether the module records the stages of upcalls; switching it on forgets what it recorded. 0, or -1 with a failure. */
int module_stages(bool on);

/** Unloads it and loads it again: no registration, setting or request of before is left. 0, or -1 with a failure. */
int module_reload(void);

/** Unloads it, retrying within a bound while it is in use, and emits the `unload` frame. Nothing if it is not loaded. */
void module_unload(void);

#endif
