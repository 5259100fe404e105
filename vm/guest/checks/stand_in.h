/* SPDX-License-Identifier: MIT */
/*
 * A helper of the check's own, in place of /sbin/request-key: this program under that name. What it does is said by the beginning of
 * the description of the key that is asked for; whatever else is asked for, it is the check's to direct (actor.h), or hangs
 * (hanging_helper.h, which installs it too).
 */
#ifndef KS_CHECKS_STAND_IN_H
#define KS_CHECKS_STAND_IN_H

/** It rejects the key, with ENOENT for STAND_IN_SECONDS. */
#define STAND_IN_REJECTS "ks:check:rejected:"
#define STAND_IN_SECONDS 1

/** It answers the key if it finds ASKERS_MARK, which it does when it acts for a marked asker; else it ends without. */
#define STAND_IN_LOOKS "ks:check:looking:"

/** It first asks for a key STAND_IN_LOOKS of the same rest, for which the kernel executes another, and then answers. */
#define STAND_IN_ASKS "ks:check:asking:"

/** What it is executed for: the arguments are the kernel's. */
__attribute__((noreturn)) void stand_in_run(int argc, char **argv);

#endif
