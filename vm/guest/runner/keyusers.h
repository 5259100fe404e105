/* SPDX-License-Identifier: MIT */
#ifndef KS_KEYUSERS_H
#define KS_KEYUSERS_H

#include <stdint.h>

/**
 * Waits, bounded, until no key is under construction and the uids of the containers that are gone own none any more
 * (the kernel collects them behind our back), then emits the `keys` frame of `cell` with what there is.
 * `uid_first` and `uid_end` delimit the containers' uids.
 */
void keyusers_emit(const char *cell, uint32_t uid_first, uint32_t uid_end);

#endif
