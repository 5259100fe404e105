/* SPDX-License-Identifier: MIT */
/*
 * Whoever makes the keys that a place asks for, under the check's control on every mechanism: a puppet, which is the place's own agent or,
 * where there are no agents, the helper that the kernel executes, for everybody.
 */
#ifndef KS_CHECKS_ACTOR_H
#define KS_CHECKS_ACTOR_H

#include "puppet.h"
#include "question.h"

struct actor {
	struct puppet agent;
	int helpers;	/* where helpers report; -1: there is an agent */
};

/** One upcall, in the hands of a puppet. */
struct upcall {
	ks_key_serial serial;
	struct puppet puppet;
};

/** It makes the place's keys from now on. */
struct actor actor_start(const struct place *place);

/** The upcall of a request that is being made, waited for. A helper enters the requester's namespaces if the mechanism's does. */
struct upcall actor_take(const struct actor *actor, const struct task *requester);

/** Whether an upcall has come that was not taken. Of a request that has ended one can have come, but will not. */
bool actor_is_asked(const struct actor *actor);

/** Has a step taken with the upcall; what that returned. `step` gets the serial, may tell more, and may be NULL. */
int upcall_does(const struct upcall *upcall, puppet_step run, struct step *step);

/** It is answered with that text, or rejected. An errno, 0 if the kernel took it. */
int upcall_answer(const struct upcall *upcall, const char *text);
int upcall_reject(const struct upcall *upcall, int error, int seconds);

/** Nothing more is done for it: a helper exits, whereupon the kernel lets its requester go on. */
void upcall_end(struct upcall *upcall);

/** What became of a request whose upcall, if there was one, was answered. */
struct served {
	struct reply reply;
	bool asked;	/* there was an upcall */
};

/** Asks for a key that goes into the place's session keyring, and has the upcall that comes of it answered with the text. */
struct served actor_serve(const struct actor *actor, const struct place *place, const char *description, const char *text);

/** Likewise, with everything said. */
struct served actor_serve_question(const struct actor *actor, const struct place *place, const struct question *question,
				   const char *text);

/** Whether it was answered with exactly that. */
bool reply_says(const struct reply *reply, const char *text);

/** This program as the kernel's helper, for the key of that serial. Whom no check directs hangs. */
__attribute__((noreturn)) void actor_helper_run(ks_key_serial key);

#endif
