/* SPDX-License-Identifier: MIT */
/* Taking away what lets an agent serve, on any route. */
#ifndef KS_CHECKS_REGISTRATION_H
#define KS_CHECKS_REGISTRATION_H

#include "agent.h"

/** The key type of registrations by key: routes session and session-rfc. */
const char *registration_key_type(void);

/** Whether registrations of this mechanism are keys, which are linked, or are made by ioctl. */
bool registration_is_key(void);

/** The serial of the key by which an own agent of a place has registered, which anybody may link from here on. */
ks_key_serial registration_key_for_all(const struct place *place);

/** Withdraws what an own agent of the place has registered for key type "user", as root of the place: by unlinking, or by ioctl. */
void registration_withdraw(const struct place *place);

#endif
