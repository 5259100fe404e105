/* SPDX-License-Identifier: MIT */
/*
 * A place: namespaces and a session keyring, kept by a process (its init) that starts others in them. Since all of them are
 * forked from this program, what runs there is a function of it; programs are executed by such a function.
 */
#ifndef KS_CHECKS_PLACE_H
#define KS_CHECKS_PLACE_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "namespaces.h"

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

/* ---- for other ways to make a place: its init calls place_serve() on the other end of a channel ---- */

/** A pair of sockets of that type. Returns the end that hears who is at the other. */
int place_channel(int type, int *other);

/** Waits until the init serves. Its pid in the init pid namespace. */
pid_t place_hear_init(const struct place *place);

/** What an init does for ever: it starts tasks as it is told, until the place is ended. */
__attribute__((noreturn)) void place_serve(int control);

/* ---- */

/** Of the place's init. */
struct inodes place_inodes(const struct place *place);

/** A process in a place. `channel` is a stream socket whose other end is the function's. */
struct task {
	pid_t pid;	/* in the init pid namespace */
	int pidfd;
	int channel;
};

#define TASK_ARGUMENT_MAX 2048

/** What runs in a task: root of the place. The task ends when it returns. `argument` is a copy. */
typedef void (*task_function)(int channel, const void *argument);

/** Starts a task: a child of the place's init, in its namespaces. */
struct task place_start(const struct place *place, task_function run, const void *argument, size_t size);

/** Has a function run as a task, and returns when it has called task_done(); the check fails if it does not. */
void place_do(const struct place *place, task_function run, const void *argument, size_t size);

/** Of such a function, the last thing it does. */
void task_done(int channel);

/** Whether it ends (or has ended) within `ms`. */
bool task_ends(const struct task *task, int ms);

/** Sends it a signal. */
void task_signal(const struct task *task, int signo);

/** Kills it if need be, waits until it has gone, and forgets it. */
void task_end(struct task *task);

/** Reads exactly `size` bytes from the task within `ms`; false if they do not come. */
bool task_tells(const struct task *task, void *what, size_t size, int ms);

#endif
