/* SPDX-License-Identifier: MIT */
/* Becoming somebody else, for good. */
#ifndef KS_SELFTEST_IDENTITY_H
#define KS_SELFTEST_IDENTITY_H

#include <sys/types.h>

/** An ordinary user of the guest. */
#define ORDINARY_UID 1000

void become_ordinary(void);
/** Root without any capability. */
void become_powerless(void);
void enter_user_namespace(void);
/** Maps all ids of the user namespace that the process has entered to themselves, for which one must have stayed outside. */
void map_all_ids(pid_t pid);
/** That user, with all capabilities in a new user namespace that belongs to root. */
void become_ordinary_in_roots_namespace(void);

#endif
