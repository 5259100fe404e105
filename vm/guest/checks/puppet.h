/* SPDX-License-Identifier: MIT */
/* An agent that does what the check tells it, a step at a time: a task of a place. A step is a function, which runs there. */
#ifndef KS_CHECKS_PUPPET_H
#define KS_CHECKS_PUPPET_H

#include <stdint.h>

#include "../common/keys.h"
#include "place.h"
#include "question.h"

struct puppet {
	struct task task;
	unsigned int id;	/* in its answers */
};

/** What a step is told, and what it tells. */
struct step {
	ks_key_serial serial;		/* of the request that it is about */
	uid_t uid;			/* whose that is, in the puppet's user namespace */
	long number;
	char type[32];			/* of keys; "" is "user" */
	char description[200];
	int values[4];			/* what else it is told, or tells */
};

/** Returns 0, or an errno. */
typedef int (*puppet_step)(struct step *step);

/** Starts one that has done nothing yet but block the agents' signal. */
struct puppet puppet_start(const struct place *place);

/** Likewise, and it has registered for keys of type user. */
struct puppet puppet_agent(const struct place *place);

/** Has it take a step, which ends within the usual patience; what that returned. `step` may be NULL. */
int puppet_does(const struct puppet *puppet, puppet_step run, struct step *step);

/** Both halves of that. puppet_ended(): false if the step has not ended within `ms`. */
void puppet_begin(const struct puppet *puppet, puppet_step run, const struct step *step);
bool puppet_ended(const struct puppet *puppet, int *error, struct step *step, int ms);

/* ---- steps ---- */

/** What a puppet does: it takes steps until there is nobody any more to tell it. */
void puppet_obey(int channel);

/** Registers, as an own agent of its place does, for keys of a type. */
int puppet_enlist(struct step *step);

/** Likewise, with intercept for its user namespace alone. */
int puppet_enlist_any_network(struct step *step);

/** Waits `number` ms for a request: its serial, uid, type and description. ETIMEDOUT: none came. */
int puppet_take(struct step *step);

/** 0: a request has come that was not taken. EAGAIN: none has. */
int puppet_look(struct step *step);

/** Assumes the authority over the key, where answering takes any. */
int puppet_assume(struct step *step);

/** Gives an answer, for which the authority is assumed already. EBUSY: it is too late. */
int puppet_instantiate(struct step *step);

/** Assumes the authority and gives an answer. */
int puppet_answer(struct step *step);

/** Assumes the authority and rejects, with ENOENT for `number` seconds. */
int puppet_reject(struct step *step);

/** For steps of a check's own: each completes the key, for which the authority is assumed already, if it takes any. */
int puppet_give(const struct step *step, const void *payload, size_t size);
int puppet_refuse(const struct step *step, unsigned int error, unsigned int seconds);

/* ---- */

/** Whether it is told of a request within `ms`; fills in the step. */
bool puppet_is_told(const struct puppet *puppet, struct step *step, int ms);

/** Likewise before the request of that task ends, with the usual patience. */
bool puppet_is_told_before(const struct puppet *puppet, const struct task *request, struct step *step);

/** Has it answer what it is told of next, unless the request of that task ends without; returns what came of that request. */
struct reply puppet_serves(const struct puppet *puppet, struct task request);

/** Whether that puppet has answered. */
bool reply_is_of_puppet(const struct reply *reply, const struct puppet *puppet);

/** Whether a request from a place is answered as it should be: by the puppet, or if that is NULL by the helper. */
bool is_served(const struct place *place, const struct puppet *puppet, const char *description);

/** Notifications: by signal those that it has not taken, by descriptor all there ever were. Only a difference says something. */
long puppet_notifications(const struct puppet *puppet);

/** Waits, with the usual patience, until there are that many; false if it never comes to that. */
bool puppet_is_notified(const struct puppet *puppet, long notifications);

/** Kills it and waits for its end. */
void puppet_kill(struct puppet *puppet);

#endif
