/* SPDX-License-Identifier: MIT */
/* Doing wrong on purpose; see common/dose.h. */
#ifndef KS_AGENT_DOSE_H
#define KS_AGENT_DOSE_H

#include "agent.h"

/** Maps the memory behind a descriptor, which it closes; one in which nothing is ever asked for with -1. NULL with errno. */
struct ks_dose *ks_dose_map(int fd);

/** Returns when the agent has been busy for as long as it must be before each answer. */
void ks_dose_linger(const struct ks_agent *agent);

/** Whether anything is asked for at this moment. */
static inline bool ks_dose_is_given(const struct ks_agent *agent)
{
	return atomic_load_explicit(&agent->dose->order, memory_order_relaxed) != KS_DOSE_NONE;
}

/** Does what is asked for with the honest reply to a question. Whether that reply is still to be given. */
bool ks_dose_take(const struct ks_agent *agent, const struct ks_question *question, struct ks_reply *reply);

#endif
