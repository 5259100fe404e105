/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keystorm_rfc: what the keyagent RFC of July 2022 does with a request for a key,
 * so that it can be compared. Not for any use: its faults are its purpose.
 *
 * What is repeated is the RFC's flow of control, line for line (actor.c says which
 * line is whose). Not repeated are its memory errors, and it differs where a module
 * must:
 *
 *   in the RFC					here
 *   in construct_key(), for every key type	the request_key operation of
 *   without an actor of its own		the key type "user" alone
 *   key type "keyagent", a big-endian signal	key type "keyagent_rfc", payload
 *   number of two bytes			"signal:<signo>", that keystorm's
 *						agents need not be told apart
 *   an empty payload is a NULL pointer read	EINVAL
 *   a siginfo with the kernel's stack in it	all zero beyond the three fields
 *   a keyagent key that is being made is one	is none: it has no payload to read
 *   the agent's credentials are read bare	with a reference
 *   an error returned with the authorisation	the key is completed first, with the
 *   key still valid: the kernel warns, and	same errno for the requester and the
 *   negates the key for 60 s			same 60 s for everybody after it
 *   si_code SI_KEYAGENT (-8)			KS_SI_CODE, as above
 *
 * Loading and unloading: insmod keystorm_rfc.ko, rmmod keystorm_rfc. It diverts the
 * key type "user" from one to the other. keystorm.ko may be loaded beside it, in
 * mode off: then its counters tell how often the host's helper ran. While a request
 * is with the host's helper, unloading says EAGAIN. A requester whose agent has died
 * waits in the kernel's own code; it does not keep the module in use. Unloading lets
 * it go (told.c).
 *
 * Locking: rfc_told_lock, a spinlock, guards the list in told.c. A keyagent_rfc key's
 * payload is made before the key is seen and freed when nobody has the key any more.
 */
#ifndef KS_RFC_H
#define KS_RFC_H

#include <linux/key-type.h>

struct pid;

/**
 * struct rfc_keyagent - payload of a keyagent_rfc key
 * @pid: of the thread that added the key; a reference
 * @signo: the realtime signal it wants
 */
struct rfc_keyagent {
	struct pid *pid;
	int signo;
};

extern struct key_type rfc_key_type_keyagent;

int rfc_told_add(struct key *key, struct key *authkey);
void rfc_told_end(void);

int rfc_actor_start(void);
void rfc_actor_stop(void);

#endif
