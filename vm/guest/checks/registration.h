/* SPDX-License-Identifier: MIT */
/* Registering, and taking away what lets an agent serve, on any route. */
#ifndef KS_CHECKS_REGISTRATION_H
#define KS_CHECKS_REGISTRATION_H

#include "../common/keys.h"
#include "agent.h"
#include "keystorm_uapi.h"

/** The key type of registrations by key: routes session and session-rfc. */
const char *registration_key_type(void);

/** Whether registrations of this mechanism are keys, which are linked, or are made by ioctl. */
bool registration_is_key(void);

/** The serial of the key by which an own agent of a place has registered, which anybody may link from here on. */
ks_key_serial registration_key_for_all(const struct place *place);

/* ---- by ioctl: routes userns and intercept ---- */

/** For keys of a type, on the route under check, which names no namespace and tells nobody yet. */
struct ks_registration registration_new(const char *type);

/** Likewise, naming those of a process (0: this one's) that an own agent names: its user namespace, with intercept its net namespace too. */
struct ks_registration registration_for(pid_t pid, const char *type);

void registration_name(struct ks_registration *registration, int namespace);

/** This process is told of requests, by the delivery under check: on the queue, or by a signal that is blocked from here on. */
void registration_tell(struct ks_registration *registration, int queue);

/* ---- */

/**
 * Registers this process for keys of a type, on the route and by the delivery under check (`queue` is an open /dev/keystorm), as the
 * real agent does, and like it in the place of what is registered already. With intercept, for its own user namespace and, if
 * `network`, for its net namespace as well. -1 with errno on failure.
 */
int registration_enlist(const char *type, int queue, bool network);

/** Withdraws what an own agent of the place has registered for key type "user", as root of the place: by unlinking, or by ioctl. */
void registration_withdraw(const struct place *place);

#endif
