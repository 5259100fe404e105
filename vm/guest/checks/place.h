/* SPDX-License-Identifier: MIT */
/*
 * A place: namespaces and a session keyring, kept by a process (its init) that starts others in them: tasks. Since all of them are
 * forked from this program, what runs there is a function of it; programs are executed by such a function. (Other ways to make
 * one: order.h.)
 */
#ifndef KS_CHECKS_PLACE_H
#define KS_CHECKS_PLACE_H

#include <sched.h>
#include <sys/types.h>

#include "namespaces.h"
#include "task.h"

/** What crun gives a container. */
#define CONTAINER_NAMESPACES \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

/** Ids of a place in a user namespace of its own: 0..65535 in it are first..first+65535 outside. */
#define PLACE_IDS 65536
#define PLACE_FIRST_ID 200000

struct place {
	pid_t init;	/* in the init pid namespace */
	pid_t founder;	/* who left the namespaces and started it, or is it */
	int control;
};

/**
 * A new place below `parent` (NULL: the init namespaces) in as many new namespaces as CLONE_NEW… say, with a session keyring of
 * its own. A new user namespace maps its ids to `first_id` and following ones of the parent's namespace.
 */
struct place place_new(const struct place *parent, int namespaces, uid_t first_id);

/** Likewise, but with the parent's session keyring. */
struct place place_new_in_session(const struct place *parent, int namespaces, uid_t first_id);

/** Ends a place and whatever runs in it; returns when its init has gone. */
void place_end(struct place *place);

/** Of the place's init. */
struct inodes place_inodes(const struct place *place);

#endif
