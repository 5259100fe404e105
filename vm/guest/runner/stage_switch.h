/* SPDX-License-Identifier: MIT */
/* Switches the stamping of stages on for a window: agents see a word in memory, helpers a file, the module a parameter. */
#ifndef KS_RUNNER_STAGE_SWITCH_H
#define KS_RUNNER_STAGE_SWITCH_H

/** The memory of common/stage_switch.h, for agents. Made at the first call. The descriptor, or -1 with a failure. */
int stage_switch_fd(void);

/** Switches it on; what the module recorded before is forgotten. 0, or -1 with a failure. */
int stage_switch_on(void);

/** Switches it off, if it is on. 0, or -1 with a failure. */
int stage_switch_off(void);

#endif
