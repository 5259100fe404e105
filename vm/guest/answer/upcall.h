/* SPDX-License-Identifier: MIT */
/*
 * What the helpers without a C library have in common. The kernel executes one as /sbin/request-key, or keyutils'
 * request-key does by a rule; both with
 *
 *	<program> create <key> <uid> <gid> <thread-ring> <process-ring> <session-ring>
 *
 * When a helper cannot instantiate the key it exits with a status other than 0, and the kernel makes the key a negative one.
 */
#ifndef KS_UPCALL_H
#define KS_UPCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/answer.h"
#include "../common/answer_sizes.h"

#define UPCALL_DESCRIBED_MAX 4096

enum exit_status {
	EXIT_ANSWERED,
	EXIT_USAGE,
	EXIT_NO_AUTHORITY,
	EXIT_NO_DESCRIPTION,
	EXIT_NO_NAMESPACE,
	EXIT_TOO_LONG,
	EXIT_REFUSED,
	EXIT_NO_REQUESTER,	/* ks-answer-nsenter: who asks is not to be found, or not beyond doubt */
	EXIT_NOT_ENTERED,	/* ks-answer-nsenter: the requester's namespaces could not be entered */
	EXIT_NO_PROGRAM,	/* the key's type has an answer of its own, and ks-answer-by-type could not be executed */
};

/** An upcall being answered. Descriptors are of the host's, wherever this process goes. */
struct upcall {
	long key;
	const char *key_text;	/* as on the command line */
	long authority;		/* serial of the authorisation key */
	long proc;		/* /proc */
	bool stages;
	struct ks_answer_stages stamps;
	struct ks_answer_sizes sizes;
	char described[UPCALL_DESCRIBED_MAX + 1];
	const char *description;	/* in `described` */
};

/** Reads the command line and what the runner has left for helpers, assumes the authority, and has the key described. */
enum exit_status upcall_begin(struct upcall *upcall, const long *stack);

/** Whether the key is of that type. */
bool upcall_is_of_type(const struct upcall *upcall, const char *type);

/** Assumes the authority. Whoever enters a user namespace has to do so again. */
enum exit_status upcall_assume(struct upcall *upcall);

/** Instantiates the key with the answer of common/answer.h. */
enum exit_status upcall_answer(struct upcall *upcall);

/** Opens ks-answer-by-type. A descriptor, or a negative errno. */
long upcall_open_by_type(void);

/**
 * Goes on as ks-answer-by-type, which `program` is; `bare`: without capabilities, even where this process's user is root. Returns
 * only when that fails.
 */
enum exit_status upcall_become_by_type(const struct upcall *upcall, long program, bool bare);

#endif
