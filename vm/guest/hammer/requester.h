/* SPDX-License-Identifier: MIT */
#ifndef KS_REQUESTER_H
#define KS_REQUESTER_H

#include <stdbool.h>
#include <stdint.h>

#include "../common/ledger.h"

/* "ks:<cell>:<container>:<worker>:<sequence>", names of at most 32 characters */
#define DESCRIPTION_MAX 96

/** A description that ends in a number, of which only the number changes. */
struct numbered {
	char text[DESCRIPTION_MAX];
	size_t prefix;	/* bytes before the number */
};

/** One requester: this process. */
struct requester {
	struct ks_ledger *ledger;
	struct ks_ledger_container *container;
	struct ks_ledger_entry *entries;	/* its container's */
	struct ks_ledger_stages *stages;	/* likewise; only of a ledger with stages */
	struct ks_ledger_tally *tally;
	uint32_t worker;
	uint32_t sequence;	/* of its next key of its own */
	uint64_t asked;		/* questions so far, hits included */
	uint64_t userns;	/* inode of its user namespace */
	uint64_t netns;
	uint64_t container_userns;	/* the one it was started in: its own or, with a depth, an ancestor */
	struct numbered own;
	struct numbered round;
	char hit[DESCRIPTION_MAX];
};

/** What is asked for next. */
struct question {
	const char *description;
	int32_t into;		/* keyring the key is linked into; 0: none, it is in one already */
	uint32_t bytes;		/* size of the right answer */
	uint32_t sequence;
	bool hit;
};

/** Fills in the requester `worker` of container number `container`. 0, or -1: there is no such place in the ledger. */
int requester_init(struct requester *self, struct ks_ledger *ledger, const char *cell, const char *name,
		   uint32_t container, uint32_t worker);

/** Its next request for a key of its own or, as often as the ledger says, for one that it has. */
struct question question_next(struct requester *self);

/** The request for the key of round `round` of its container. */
struct question question_of_round(struct requester *self, uint32_t round);

#endif
