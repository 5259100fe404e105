/* SPDX-License-Identifier: MIT */
/* What /proc/PID/status says of a process. A pid is one of the pid namespace whose /proc is seen here. */
#ifndef KS_CHECKS_PROCESS_STATUS_H
#define KS_CHECKS_PROCESS_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** The mask on the line that begins with the word ("CapBnd", "ShdPnd", …). */
uint64_t status_mask(pid_t pid, const char *word);

/** Whether a signal to the process, or to its first thread, waits to be taken. */
bool status_signal_waits(pid_t pid, int signo);

/** How many signals are queued for its user in its user namespace. */
long status_signals_queued(pid_t pid);

/** Its real uid. */
uid_t status_uid(pid_t pid);

/** 'S', 'D', 'T' and so on; '?': it has gone. */
char status_state(pid_t pid);

#endif
