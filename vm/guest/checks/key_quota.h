/* SPDX-License-Identifier: MIT */
/* How many keys users have, by /proc/key-users, and how many they may have. After a check the runner puts the limits back. */
#ifndef KS_CHECKS_KEY_QUOTA_H
#define KS_CHECKS_KEY_QUOTA_H

#include <stdbool.h>
#include <sys/types.h>

#include "place.h"

struct key_quota {
	long keys;		/* there are, charged or not */
	long unfinished;	/* of them, under construction */
	long charged_keys, charged_bytes;
};

/** A user's; nothing at all if it has no keys. */
struct key_quota key_quota_of(uid_t uid);

/** How many keys, or bytes, every user but root of the host may have from here on. */
void key_quota_limit_keys(long keys);
void key_quota_limit_bytes(long bytes);

/** As many of both as when this was first asked for a limit. */
void key_quota_unlimit(void);

/** Puts so many keys with a payload of so many bytes into the session keyring of a place, as root of it. */
void key_quota_use(const struct place *place, int keys, int bytes);

/** Waits, with the usual patience, until no key of a user is under construction. */
bool key_quota_settles(uid_t uid);

/** Likewise, until the collector has nothing more of that user's to take: what is charged has not changed for a while. */
bool key_quota_is_steady(uid_t uid);

#endif
