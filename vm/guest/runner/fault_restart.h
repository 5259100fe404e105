/* SPDX-License-Identifier: MIT */
/* For faults that agents die of again and again: starting others in their places, as a supervisor does. */
#ifndef KS_FAULT_RESTART_H
#define KS_FAULT_RESTART_H

#include "fault.h"

/** Starts an agent if the newest has ended, and was not killed: then another fault replaces it. 0, or -1 with a failure. */
int fault_restart(struct faults *faults, struct agents *agents);

/** Waits, bounded, for one that stays, when nothing kills them any more, and enters it. 0, or -1 with a failure. */
int fault_restart_settle(struct faults *faults, struct fault_record *record);

#endif
