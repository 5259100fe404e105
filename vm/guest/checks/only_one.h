/* SPDX-License-Identifier: MIT */
/*
 * Whether a namespace has ended, without asking whoever may keep it: the place that made it is allowed one of its kind, so another
 * can be made when that one has ended, and not before.
 */
#ifndef KS_CHECKS_ONLY_ONE_H
#define KS_CHECKS_ONLY_ONE_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "place.h"

struct only_one {
	const char *limit;	/* below /proc/sys/user */
	int flag;		/* of unshare(2) */
};

extern const struct only_one only_one_user, only_one_net;

/** Allows a place, which has a user namespace of its own, one namespace of the kind made by its root. */
void only_one_allow(const struct place *place, const struct only_one *kind);

/** Allows it as many as it likes again. */
void only_one_lift(const struct place *place, const struct only_one *kind);

/** 0, or why the place may not make another. */
int only_one_more(const struct place *place, const struct only_one *kind);

/** Whether it can make another by then. */
bool only_one_ends(const struct place *place, const struct only_one *kind, int64_t deadline);

#endif
