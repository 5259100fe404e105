// SPDX-License-Identifier: MIT
#include "threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void (*phase)(struct requester *self);

static void *run_one(void *self)
{
	phase(self);
	return NULL;
}

struct ks_ledger *threads_ledger(uint32_t requesters, uint32_t capacity)
{
	size_t alignment = _Alignof(struct ks_ledger), size = ks_ledger_size(CONTAINERS, capacity);
	struct ks_ledger *ledger = aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);

	if (!ledger)
		exit(EXIT_FAILURE);
	memset(ledger, 0, size);
	ledger->containers = CONTAINERS;
	ledger->capacity = capacity;
	for (uint32_t c = 0; c < CONTAINERS; c++)
		ledger->container[c].requesters = requesters;
	return ledger;
}

void threads_run(struct ks_ledger *ledger, void (*run)(struct requester *self))
{
	static struct requester requesters[CONTAINERS][KS_REQUESTERS_MAX];
	static pthread_t threads[CONTAINERS][KS_REQUESTERS_MAX];

	phase = run;
	for (uint32_t c = 0; c < CONTAINERS; c++)
		for (uint32_t w = 0; w < ledger->container[c].requesters; w++) {
			requesters[c][w] = (struct requester){ .ledger = ledger,
							       .container = &ledger->container[c],
							       .entries = ks_ledger_entries(ledger, c),
							       .tally = &ledger->container[c].tally[w],
							       .worker = w };
			if (pthread_create(&threads[c][w], NULL, run_one, &requesters[c][w]))
				exit(EXIT_FAILURE);
		}
	for (uint32_t c = 0; c < CONTAINERS; c++)
		for (uint32_t w = 0; w < ledger->container[c].requesters; w++)
			pthread_join(threads[c][w], NULL);
}
