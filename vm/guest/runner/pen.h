/* SPDX-License-Identifier: MIT */
/* A control group that processes cannot leave, for those whose whole offspring is to be ended together. */
#ifndef KS_PEN_H
#define KS_PEN_H

/** Makes one and moves this process into it: what it starts from here on is born inside. 0, or -1 with a failure. */
int pen_enter(void);

/** Moves this process out again. 0, or -1 with a failure. */
int pen_leave(void);

/** Kills all that is inside; whoever waits for something that no signal ends goes on. 0, or -1 with a failure. */
int pen_kill(void);

/** Waits (bounded) until they are gone, and removes it; calls `unblock` whenever they are not yet. 0, or -1 with a failure. */
int pen_clear(void (*unblock)(void));

#endif
