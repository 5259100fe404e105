/* SPDX-License-Identifier: MIT */
/* What keys of type "usermode_helper" are instantiated with. */
#ifndef KS_PROGRAM_H
#define KS_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/* Bytes of a program's output that are kept; what it writes beyond is read and dropped. */
#define KS_PROGRAM_OUTPUT_MAX 1024
/* A payload holds all that and a line more. */
#define KS_PROGRAM_PAYLOAD_MAX (KS_PROGRAM_OUTPUT_MAX + 32)

/**
 * Executes the program that a key's callout names (words separated by spaces, without quoting; the first is an absolute path) in the
 * namespaces of this process as user `uid` and group `gid` of them, without any of this process's descriptors, authorities
 * over keys, blocked signals or environment. When it has ended, or was killed after 20 s, writes into `payload`, of KS_PROGRAM_PAYLOAD_MAX
 * bytes: a line "exit <status>" or "signal <number>", and what it wrote to standard output. Returns the payload's size, or
 * a negative errno when it could not be executed: EPERM also when this process may not become that user.
 */
long ks_program_answer(const char *callout, uid_t uid, gid_t gid, char *payload);

#endif
