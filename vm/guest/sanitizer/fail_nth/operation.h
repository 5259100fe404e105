/* SPDX-License-Identifier: MIT */
/* What ks-fail-nth lets fail: an operation on the module, made ready, performed and put right again. */
#ifndef KS_FAIL_NTH_OPERATION_H
#define KS_FAIL_NTH_OPERATION_H

#include "../../module/selftest/harness.h"

/** What the functions of an operation share; made anew for each attempt, with both files -1 and all else 0. */
struct stage {
	int attempt;		/* which allocation or copy fails; the first is 1 */
	int queue;
	int file;		/* a second one: another queue, or the module's file */
	struct asker asker;
	struct message message;
	pid_t agent;
	ks_key_serial key;	/* the registration */
	char description[64];
};

/**
 * `prepare` and `finish` run without failures. `perform` returns 0 or an errno. `finish` is told which, and sees to it that what
 * was refused works now, and that nothing is left.
 */
struct operation {
	const char *name;
	void (*prepare)(struct stage *stage);
	int (*perform)(struct stage *stage);
	void (*finish)(struct stage *stage, int error);
	/** An errno that it may end with besides ENOMEM and EFAULT; 0: none. */
	int also;
};

/* One table for each file of operations, in the order in which main.c runs them; each ends with one that has no name. */
extern const struct operation opening_operations[];
extern const struct operation key_operations[];
extern const struct operation ioctl_operations[];
extern const struct operation asking_operations[];
extern const struct operation answering_operations[];
extern const struct operation setting_operations[];
extern const struct operation loading_operations[];

/** A `prepare` for what needs none. */
void prepare_nothing(struct stage *stage);
/** A `prepare` that opens a queue. */
void prepare_queue(struct stage *stage);

/** Describes a key that no attempt but this one asks for. */
void describe(struct stage *stage, const char *what);
/** Ends the registration: nothing but the session keyring links it. */
void remove_agent(struct stage *stage);

#endif
