/* SPDX-License-Identifier: MIT */
/* The runner's side of common/dose.h. */
#ifndef KS_RUNNER_DOSE_H
#define KS_RUNNER_DOSE_H

#include "../common/dose.h"

/** The memory that is shared with all incarnations of one agent. Zeroed: there is none yet. */
struct dose {
	struct ks_dose *shared;
	int fd;
};

/** Its descriptor; the memory is made at the first call. -1 with a failure. */
int dose_fd(struct dose *dose);

/** Whatever else it does, it is busy for so long before each answer. -1 with a failure. */
int dose_delay(struct dose *dose, uint32_t delay_ns);

/** From now on the agent does this, and counts in that slot, which is emptied. */
void dose_give(struct dose *dose, enum ks_dose_kind kind, uint32_t amount, uint32_t slot);

/** What was asked for in that slot, and nothing that was asked for since, is over: it answers honestly, and who waits goes on. */
void dose_end(struct dose *dose, uint32_t slot);

/** What the agent has counted in a slot so far, as in struct ks_dose. */
uint32_t dose_hits(const struct dose *dose, uint32_t slot);
uint32_t dose_amiss(const struct dose *dose, uint32_t slot);

/** For the next agent there is none. */
void dose_forget(struct dose *dose);

#endif
