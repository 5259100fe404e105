/* SPDX-License-Identifier: MIT */
/* Asking for the address of SERVED_NAME by a key of type dns_resolver, from a place. */
#ifndef KS_CHECKS_NAME_QUESTION_H
#define KS_CHECKS_NAME_QUESTION_H

#include "../common/keys.h"
#include "place.h"

enum path {
	BY_SYSTEM_CALL,	/* request_key(2) */
	IN_KERNEL,	/* dns_query() in the asking task, as a file system calls it */
};

#define PATHS 2

struct name_answer {
	int error;		/* errno; 0: it was answered */
	ks_key_serial key;	/* 0 in the kernel, which does not say */
	char text[256];
};

/** Loads what asking takes: the key type and the probe module. Before the first place is made: their tasks inherit the probe. */
void name_questions_prepare(void);

/** The probe, opened when that was prepared. */
int name_questions_probe(void);

/**
 * Asks, and returns when there is an answer or an error. The key goes to `keyring`: with KEY_SPEC_THREAD_KEYRING nobody else
 * ever finds it. In the kernel it goes to the one keyring for all (name_cache_clear()).
 */
struct name_answer name_ask(const struct place *place, enum path path, ks_key_serial keyring);

/** Empties the keyring in which the kernel keeps what dns_query() was told. */
void name_cache_clear(void);

#endif
