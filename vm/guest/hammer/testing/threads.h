/* SPDX-License-Identifier: MIT */
/* A phase without a guest: the requesters of two containers are threads. For the programs of this folder. */
#ifndef KS_TESTING_THREADS_H
#define KS_TESTING_THREADS_H

#include "../requester.h"

#define CONTAINERS 2

/** An empty ledger with so many requesters in each container. Does not return when there is no memory. */
struct ks_ledger *threads_ledger(uint32_t requesters, uint32_t capacity);

/** Has all requesters run the phase. They are at home when it returns. Does not return when a thread cannot be made. */
void threads_run(struct ks_ledger *ledger, void (*run)(struct requester *self));

#endif
