/* SPDX-License-Identifier: MIT */
#ifndef KS_HELPER_PROCESS_H
#define KS_HELPER_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/** What was killed; pid 0: nothing. The kill lies between the two times, the search is not included. */
struct helper_hit {
	pid_t pid;
	uint64_t before;
	uint64_t after;
};

/** Remembers which processes there are while no load runs: none of them is a helper, so none need be looked at. */
void helper_process_snapshot(void);

/**
 * Looks, for a bounded time, for a helper of the init namespaces that serves a requester with a uid in
 * [uid_first, uid_end), and kills it.
 */
struct helper_hit helper_process_kill(uint32_t uid_first, uint32_t uid_end);

#endif
