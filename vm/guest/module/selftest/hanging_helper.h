/* SPDX-License-Identifier: MIT */
/* A helper that never answers, in place of /sbin/request-key: this program under that name. */
#ifndef KS_SELFTEST_HANGING_HELPER_H
#define KS_SELFTEST_HANGING_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

/** Puts it there. */
void hanging_helper_install(void);

/** Puts the one back that it took the place of. After a check the runner does so. */
void hanging_helper_remove(void);

/** The process id of one that runs, waited for (bounded). Kill it: its requester may wait for it for ever. */
pid_t hanging_helper_await(void);

/** Whether the kernel executed this program as its helper. */
bool hanging_helper_is(const char *argv0);
__attribute__((noreturn)) void hanging_helper_run(void);

#endif
