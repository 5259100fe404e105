/* SPDX-License-Identifier: MIT */
/* The one place where the runner sleeps: every wait of it has a bound, sees the runner being told to stop, and serves
 * the containers meanwhile. */
#ifndef KS_EVENTS_H
#define KS_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

enum wait_result {
	WAIT_DONE,
	WAIT_TIMEOUT,
	WAIT_FAILED,	/* see failure.h */
};

/** Starts watching stdin and the signals that mean stop. 0, or -1 with a failure. */
int events_begin(void);

/** Calls `handler` when fd is readable or has reached its end. Replaces an earlier handler. 0, or -1 with a failure. */
int events_watch(int fd, void (*handler)(void *arg), void *arg);

/** Stops watching. */
void events_forget(int fd);

/**
 * Sleeps until done(arg) is true or the CLOCK_MONOTONIC time `until` has come. With a `phase`, beats travel meanwhile;
 * NULL inside a window. Fails as soon as anything has failed, unless events_finish has been called.
 */
enum wait_result events_wait(uint64_t until, bool (*done)(const void *arg), const void *arg, const char *phase);

/** Looks without sleeping whether the runner was told to stop. 0, or -1 with a failure. */
int events_check(void);

/** From here on waits go on in spite of failures: the runner is clearing up. */
void events_finish(void);

#endif
