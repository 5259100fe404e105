/* SPDX-License-Identifier: MIT */
/*
 * The text an answerer writes into a key and the requester checks:
 *
 *	ks1 <agent-id> <pid> <userns> <netns> <mntns> <pidns> <description>
 *
 * padded with NULs to a fixed size. Needs no C library: the helper has none.
 */
#ifndef KS_ANSWER_H
#define KS_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* Holds every answer: description (at most 82 bytes) and six numbers. */
#define KS_ANSWER_MIN 256
#define KS_ANSWER_MAX 1024
/* agent-id of the host's helper */
#define KS_HELPER_AGENT_ID 0

/** Who answers: agent-id, pid in the answerer's own pid namespace, inodes of its namespaces. */
struct ks_answerer {
	uint32_t agent;
	uint32_t pid;
	uint64_t userns;
	uint64_t netns;
	uint64_t mntns;
	uint64_t pidns;
};

/**
 * Writes the answer for `description` into `payload`, exactly `size` bytes with the padding.
 * Returns 0, or -1 when it does not fit (one NUL at its end included).
 */
int ks_answer_format(char *payload, size_t size, const struct ks_answerer *answerer, const char *description);

/**
 * Takes an answer of `size` bytes apart and checks every word, the description and the padding.
 * Returns 0, or -1 when it is not an answer to a request for `description`.
 */
int ks_answer_parse(const char *payload, size_t size, const char *description, struct ks_answerer *answerer);

#endif
