/* SPDX-License-Identifier: MIT */
/*
 * Has an allocation of one's own thread fail, or a copy from or to user space (/proc/thread-self/fail-nth,
 * Documentation/fault-injection), on a kernel that was built for it.
 */
#ifndef KS_SELFTEST_FAIL_NTH_H
#define KS_SELFTEST_FAIL_NTH_H

#include <stdbool.h>

/** Before the other two, by the thread that they are for. The caller fails where the kernel cannot. */
void fail_nth_open(void);

/** The nth allocation or copy of this thread from now on fails; the first is 1. */
void fail_nth_arm(int nth);

/** Nothing fails any more. True if something was made to fail since fail_nth_arm(). */
bool fail_nth_disarm(void);

#endif
