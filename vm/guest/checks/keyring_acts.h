/* SPDX-License-Identifier: MIT */
/* Things done to keys by a task of a place, which has what the place's session keyring holds. */
#ifndef KS_CHECKS_KEYRING_ACTS_H
#define KS_CHECKS_KEYRING_ACTS_H

#include "../common/keys.h"
#include "place.h"

#define ACT_TEXT_MAX 200

struct act {
	int operation;			/* KEYCTL_… */
	ks_key_serial key;
	ks_key_serial keyring;		/* KEYCTL_LINK, KEYCTL_UNLINK: of which */
	unsigned int seconds;		/* KEYCTL_SET_TIMEOUT: after so many */
};

struct acted {
	long result;
	int error;			/* errno; 0: it worked */
	char text[ACT_TEXT_MAX];	/* KEYCTL_DESCRIBE, KEYCTL_READ: what was told */
};

/** What add_key(2) is given. */
struct addition {
	char type[16];
	char description[64];
	char payload[32];	/* "": none */
	ks_key_serial keyring;
};

/** Starts one, which may have to wait for the key. */
struct task act_start(const struct place *place, const struct act *act);
struct task add_start(const struct place *place, const struct addition *addition);

/** What came of it, of an addition the serial; it must be there within the patience of a check. Forgets the task. */
struct acted act_end(struct task *task);

/** Both together. */
struct acted act_in(const struct place *place, const struct act *act);
struct acted add_in(const struct place *place, const struct addition *addition);

/** Whether a keyring has a link to the key, in whatever state that is. */
bool act_finds_link(const struct place *place, ks_key_serial keyring, ks_key_serial key);

#endif
