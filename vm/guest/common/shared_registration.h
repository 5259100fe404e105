/* SPDX-License-Identifier: MIT */
/* Permissions of a registration that containers share, for the runner, which sets them, and the module's self-test. */
#ifndef KS_SHARED_REGISTRATION_H
#define KS_SHARED_REGISTRATION_H

#include "keys.h"

/*
 * Who has the key in its keyrings may find it, and no more: with Write, a container could revoke it for all others.
 * Root may renew it (Write) and close it to others again (Setattr).
 */
#define KS_SHARED_REGISTRATION_PERMISSIONS \
	(KS_POSSESSOR(KS_PERM_VIEW | KS_PERM_SEARCH) | KS_USER(KS_PERM_VIEW | KS_PERM_WRITE | KS_PERM_SETATTR))

#endif
