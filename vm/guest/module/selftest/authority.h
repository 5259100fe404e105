/* SPDX-License-Identifier: MIT */
/* Answering with keyctl(2), and what entitling a reader to it leaves in that reader's keyring. */
#ifndef KS_SELFTEST_AUTHORITY_H
#define KS_SELFTEST_AUTHORITY_H

#include <stdbool.h>

#include "../../common/keys.h"

/** Registers a queue for delivery fd-keyctl: see register_agent(). */
#define FD_KEYCTL "fd-keyctl:%d"

/** Both return an errno, 0 if it worked. */
int assume(ks_key_serial key);
int instantiate(ks_key_serial key, const char *text);
/** Both one after the other, which must work. */
void answer_by_keyctl(ks_key_serial key, const char *text);

bool has_process_keyring(void);
void require_nothing_linked(void);
/** Likewise when no request is left: a requester unlinks after it was woken, and before it is gone. */
void await_nothing_linked(void);

#endif
