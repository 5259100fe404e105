/* SPDX-License-Identifier: MIT */
/* Processes that stay in namespaces of their own, registering there, and going there to ask. */
#ifndef KS_SELFTEST_HOMES_H
#define KS_SELFTEST_HOMES_H

#include <stdint.h>
#include <sys/types.h>

#include "keystorm_uapi.h"

/** Every kind of namespace a filter may name, in the order of selectivity: CLONE_NEW… flags and names in /proc/PID/ns. */
#define NR_KINDS 7
extern const int kind_flags[NR_KINDS];
extern const char *const kind_names[NR_KINDS];

/** A process that stays in new namespaces (CLONE_NEW…) until it is killed. A user namespace maps the first 65536 ids. */
pid_t stay(int namespaces);
/** Likewise, in a user namespace of its own that is below the one of another. */
pid_t stay_below(pid_t other);
/** Ends one. */
void leave(pid_t home);
int open_namespace(pid_t home, const char *name);

/** The namespaces of a process that go_home() enters; for requesters and registrars. */
extern pid_t home;
/** How many user namespaces below the home's go_home() ends. */
extern int depth;
void go_home(void);

/** Runs a part of a behaviour in a process of its own, which must succeed. */
void in_child(void (*run)(void));

struct wish {
	uint32_t route;
	const char *key_type;		/* NULL: any */
	const char *const *names;	/* namespaces of `of`, ended by NULL; NULL: none */
	pid_t of;
	uint32_t flags;
	int queue;			/* the agent: delivery fd-write */
	void (*become)(void);		/* who registers; NULL: this process */
};

extern const char *const user_only[], *const net_only[], *const user_and_net[];

/** The errno of registering, or withdrawing, as wished; 0: done. */
int try_wish(unsigned long command, const struct wish *wish);
void wish_granted(const struct wish *wish);
void wish_refused(const struct wish *wish, int error);

/**
 * Withdraws what earlier behaviours have registered for the initial namespaces, which do not end with them, and waits until
 * those have ended that do.
 */
void forget_wishes(void);

/** Asks from a home; the agent of `queue` is the one that is asked, and answers. */
void require_answer_of(int queue, pid_t from, int below, const char *description);
/** Asks from a home, and gets an error at once. */
void require_refusal(pid_t from, const char *description, int error);

#endif
