/* SPDX-License-Identifier: MIT */
#ifndef KS_QUIET_H
#define KS_QUIET_H

/**
 * Waits until what was written has left the guest and has been heard of, and nothing has come or gone for a while: what
 * follows is measured, and sending the frames before it would cost the guest's processor time there. Bounded; if it does not
 * become quiet, the meter of the window will say so. 0, or -1 with a failure.
 */
int quiet_await(void);

#endif
