/* SPDX-License-Identifier: MIT */
#ifndef KS_ROUND_KEY_H
#define KS_ROUND_KEY_H

#include "../common/ledger.h"

/**
 * Takes the key of the round that has ended out of the session keyring, also when it is a negative one, so that the
 * keyring, in which every request is looked up first, does not grow from round to round. Nobody may be asking.
 */
void round_key_drop(struct ks_ledger_container *container);

#endif
