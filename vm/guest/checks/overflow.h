/* SPDX-License-Identifier: MIT */
/* More requests than an agent that stands still can be told of, and what becomes of each when it goes on. */
#ifndef KS_CHECKS_OVERFLOW_H
#define KS_CHECKS_OVERFLOW_H

#include "puppet.h"

/** Requests beyond the room. */
#define OVERFLOW_BEYOND 3

struct overflow {
	int told;		/* requests that it was told of while it stood still */
	int refused;		/* of those beyond, EAGAIN at once */
	int served;		/* of those it was told of, answered by it when it went on */
	int waiting;		/* still, afterwards */
	long helpers;		/* executions of the host's helper */
	struct reply beyond;	/* what the last of those beyond got */
	struct reply again;	/* and what the same got that asked again when there was room */
	bool gone;		/* another request was served as ever */
};

/** With room for so many. */
void overflow_try(const struct place *place, const struct puppet *puppet, int room, struct overflow *overflow);

#endif
