/* SPDX-License-Identifier: MIT */
/* Becoming somebody else, for good. */
#ifndef KS_SELFTEST_IDENTITY_H
#define KS_SELFTEST_IDENTITY_H

/** An ordinary user of the guest. */
#define ORDINARY_UID 1000

void become_ordinary(void);
/** Root without any capability. */
void become_powerless(void);
void enter_user_namespace(void);

#endif
