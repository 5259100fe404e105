/* SPDX-License-Identifier: MIT */
/*
 * Whether answerers stamp the stages of an upcall: memory of the runner's, shared with every agent of a cell. So a window
 * that asks for stages is measured with the agents of the one before, and the windows beside it pay nothing for it.
 */
#ifndef KS_STAGE_SWITCH_H
#define KS_STAGE_SWITCH_H

#include <stdatomic.h>
#include <stdint.h>

/* Its descriptor in an agent, set up by ks-pod or the runner. */
#define KS_AGENT_STAGES_FD 7
/* Helpers see it as a file: it is there, or not. */
#define KS_STAGES_FILE "/run/keystorm/stages"

struct ks_stage_switch {
	_Atomic uint32_t on;	/* written between windows alone */
};

#endif
