/* SPDX-License-Identifier: MIT */
#ifndef KS_HELPER_PROCESS_H
#define KS_HELPER_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/**
 * Whose helpers are hunted: requesters with a uid in [uid_first, uid_end). And what was killed: pid is the first; its kill lies
 * between the two times, the search for it is not included.
 */
struct helper_hunt {
	uint32_t uid_first;
	uint32_t uid_end;
	uint32_t count;
	pid_t pid;
	uint64_t before;
	uint64_t after;
};

/** Remembers which processes there are while no load runs: none of them is a helper, so none need be looked at. */
void helper_process_snapshot(void);

/** Kills every helper there is, whomever it serves: their requesters might wait for ever. */
void helper_process_kill_all(void);

/**
 * Until the clock says `until`, kills every helper of the init namespaces that is hunted. A helper that dies after it has answered
 * harms nobody, and one killed alone often has: for as long as an agent would be away, so are they.
 */
void helper_process_hunt(struct helper_hunt *hunts, uint32_t count, uint64_t until);

#endif
