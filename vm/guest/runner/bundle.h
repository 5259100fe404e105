/* SPDX-License-Identifier: MIT */
#ifndef KS_BUNDLE_H
#define KS_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

/** Uids of one container: 0..65535 inside are first..first+65535 on the host. */
#define CONTAINER_UIDS 65536
#define CONTAINER_UID_FIRST 100000

/** The host's uid of the root of container `index`. */
static inline uint32_t container_uid(uint32_t index)
{
	return CONTAINER_UID_FIRST + CONTAINER_UIDS * index;
}

/**
 * Writes an OCI bundle: config.json and a small read-only root with the programs.
 * `with_setuid` adds a setuid-root copy of the requester. 0, or -1 with a failure.
 */
int bundle_write(const char *folder, const char *hostname, uint32_t uid, bool with_setuid);

/** Removes a bundle. */
void bundle_remove(const char *folder);

#endif
