/* SPDX-License-Identifier: MIT */
/* An open /dev/keystorm, which both fd deliveries read their requests from. */
#ifndef KS_AGENT_QUEUE_H
#define KS_AGENT_QUEUE_H

#include "agent.h"

/** Opens it for good and writes "<delivery>:<fd>" into `text`. 0, or -1 with errno. */
int ks_queue_open(const char *delivery, char *text);

/** Waits for a request. 0, or -1 with errno. */
int ks_queue_take(const struct ks_agent *agent, struct ks_question *question);

/** Its descriptor; -1 when there is none. */
int ks_queue_fd(void);

#endif
