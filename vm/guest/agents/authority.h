/* SPDX-License-Identifier: MIT */
/* Answering with keyctl(2): what deliveries "signal" and "fd-keyctl" have in common. */
#ifndef KS_AGENT_AUTHORITY_H
#define KS_AGENT_AUTHORITY_H

#include "agent.h"

/** Assumes the authority over the question's key, and stamps it. 0, or -1 with errno: it is nobody's, or another's. */
int ks_authority_assume(const struct ks_agent *agent, struct ks_question *question);

/** Instantiates or rejects the key, whose authority is assumed. 0, or -1 with errno. */
int ks_authority_give(const struct ks_question *question, const struct ks_reply *reply);

/** Tries to complete it in a way that no kernel may accept. 0, or -1 with errno. */
int ks_authority_give_malformed(const struct ks_question *question, enum ks_malformed way);

/** Gives up the authority that is assumed, if one is. */
void ks_authority_leave(void);

#endif
