/* SPDX-License-Identifier: MIT */
/* Hits: requests for a key that the requester put into its thread keyring before, and which is therefore found. */
#ifndef KS_HIT_H
#define KS_HIT_H

#include <stdbool.h>

#include "requester.h"

/** Adds the key, if the ledger asks for hits. 0, or -1 with errno. */
int hit_prepare(const struct requester *self);

/** Whether what was read, `size` bytes or an error, is what was put into the key. */
bool hit_is_right(const struct question *question, const char *payload, long size);

#endif
