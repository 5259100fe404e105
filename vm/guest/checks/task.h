/* SPDX-License-Identifier: MIT */
/* Processes in a place. */
#ifndef KS_CHECKS_TASK_H
#define KS_CHECKS_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct place;

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

/** Stops it; returns when it stands still. */
void task_stop(const struct task *task);

/** Kills it if need be, waits until it has gone, and forgets it. */
void task_end(struct task *task);

/** Whether it has told something that was not read yet, or has ended. */
bool task_has_told(const struct task *task);

/** Reads exactly `size` bytes from the task within `ms`; false if they do not come. */
bool task_tells(const struct task *task, void *what, size_t size, int ms);

#endif
