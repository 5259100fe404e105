/* SPDX-License-Identifier: MIT */
/* Many who ask at the same time: children of one task, for a key each. */
#ifndef KS_CHECKS_CROWD_H
#define KS_CHECKS_CROWD_H

#include "place.h"
#include "question.h"

#define CROWD_MAX 512

struct crowd {
	struct task task;
	int size;
	int heard;			/* of them, in replies[] */
	struct reply replies[CROWD_MAX];
};

/** Has as many ask, for keys whose descriptions have the name in them. */
void crowd_start(struct crowd *crowd, const struct place *place, const char *name, int size);

/** Waits until all have ended, for `ms` at most; how many have, in all. */
int crowd_hear(struct crowd *crowd, int ms);

/** How many of those heard got an answer. */
int crowd_answered(const struct crowd *crowd);

/** How many of those heard got that error. */
int crowd_refused(const struct crowd *crowd, int error);

/** Ends whoever asks still. */
void crowd_end(struct crowd *crowd);

#endif
