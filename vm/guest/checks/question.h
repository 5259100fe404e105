/* SPDX-License-Identifier: MIT */
/* Asking for a key from a place, and what came of it. */
#ifndef KS_CHECKS_QUESTION_H
#define KS_CHECKS_QUESTION_H

#include <stdint.h>

#include "../common/keys.h"
#include "agent.h"
#include "place.h"

#define QUESTION_WORD_MAX 200
/* A key of type user that nobody finds but a marked asker, and whoever acts for it. */
#define ASKERS_MARK "ks:check:mark"

struct question {
	char type[32];
	char description[QUESTION_WORD_MAX];
	char callout[QUESTION_WORD_MAX];	/* "" is none: then the kernel asks nobody */
	int without;				/* a capability that it has not, nor in its bounding set; 0: all of the place */
	uid_t uid;				/* who asks, in the place's user namespace; 0: its root */
	ks_key_serial keyring;			/* where the key goes; 0: KEY_SPEC_PROCESS_KEYRING, where nobody else finds it */
	bool marked;				/* it has ASKERS_MARK in its process keyring */
	bool handles;				/* SIGUSR1 does not end it: it has a handler, which restarts no system call */
};

struct reply {
	int error;		/* errno of request_key, 0 when a key was given */
	ks_key_serial key;
	int64_t ms;
	long size;		/* of the payload; negative: it cannot be read (type logon) */
	char payload[1024];
};

/* Who has not ended by then is taken to be waiting for its answerer. */
#define HANGING_MS (1000 * slowness())

/** Starts asking, for a key of a type, as root of the place; the key goes into the process keyring, so nobody else finds it. */
struct task ask_for(const struct place *place, const char *type, const char *description);

/** Likewise for a key of type "user" that goes into the place's session keyring, where the next who asks finds it. */
struct task ask_in_session(const struct place *place, const char *description);

/** Fills in a question for a key of type user with some callout; the rest as ask_for() has it. */
struct question question_of(const char *description);

/** Asks, in a task or a process of one's own, and returns what came of it. */
struct reply question_ask(const struct question *question);

/** Likewise, with everything said. */
struct task ask_question(const struct place *place, const struct question *question);

/** What came of it; it must be there within `ms`, else the check fails. Forgets the task. */
struct reply reply_within(struct task *task, int ms);

/** Both together, with everything said. */
struct reply ask_question_and_wait(const struct place *place, const struct question *question);

/** Both together, with the patience that an answer under emulation needs. */
struct reply ask_and_wait(const struct place *place, const char *type, const char *description);

/** Whether it came long before the mechanism's timeout: it was not that which ended the request, however slow this guest is. */
bool is_prompt(const struct reply *reply);

/** Who answered: the words of common/answer.h. */
struct answerer {
	unsigned int id;	/* 0: the host's helper */
	unsigned int pid;	/* in its own pid namespace */
	uint64_t user, net, mnt, pidns;
};

/** Takes an answer apart. false: the reply is none of an agent's or of ks-answer's. */
bool reply_answerer(const struct reply *reply, struct answerer *answerer);

/** Whether that agent has answered. */
bool reply_is_of(const struct reply *reply, const struct agent *agent);

/** For evidence: "answered by agent 3", "answered by the host's helper", "ENOKEY after 12 ms". Valid until the fourth next call. */
const char *reply_text(const struct reply *reply);

/** Likewise, an errno's name; "no error" for 0. */
const char *error_text(int error);

#endif
