/* SPDX-License-Identifier: MIT */
/* The real ks-agent, in a place. */
#ifndef KS_CHECKS_AGENT_H
#define KS_CHECKS_AGENT_H

#include "place.h"

/** How it is started; what is left out is as in an own agent of the mechanism under check. */
struct agent_wish {
	const char *type;		/* key type; NULL: "user" */
	const char *filter;		/* route intercept: kinds of namespaces; NULL: "user,net". "" names none */
	const struct place *network;	/* another place, whose network namespace it enters first; NULL: none */
	int without;			/* a capability taken out of its bounding set before it is executed; 0: none */
};

struct agent {
	struct task task;
	unsigned int id;
};

/** Starts one that is to answer, and returns when it has said that it has registered. */
struct agent agent_start(const struct place *place, const struct agent_wish *wish);

/** Likewise; but if it ends without that, so does this, with false. */
bool agent_try(const struct place *place, const struct agent_wish *wish, struct agent *agent);

/** Kills it and waits for its end. */
void agent_kill(struct agent *agent);

#endif
