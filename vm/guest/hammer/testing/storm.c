// SPDX-License-Identifier: MIT
/*
 * Storms without a guest, for storm.test.ts: the requesters are threads, and a request is a pause of random length.
 *
 *	storm warmup|window|gate REQUESTERS LIMIT MS CAPACITY
 *
 * starts two containers with so many requesters each, and writes, when all have come home, a line for each container:
 * "rounds <n> ended <n> truncated <0|1> overlaps <n> absences <n>". An overlap is a request that began when one of an
 * earlier round had not ended; an absence, that a requester did not ask once in a round. With a gate, both containers have one: that of
 * the first is opened after a third of the time and shut after two thirds, and the other's never; a line more says
 * "outside <n> over <ms>": rounds that were there before or came after, and how long all took.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/futex.h"
#include "../phase.h"
#include "../request.h"
#include "../round_key.h"
#include "threads.h"

#define PAUSE_US_MAX 150

static struct ks_ledger *ledger;
/* The round of a requester's request that is under way; 0 without one. */
static _Atomic uint32_t under_way[CONTAINERS][KS_REQUESTERS_MAX];
static uint32_t asked[CONTAINERS][KS_REQUESTERS_MAX];
static _Atomic uint32_t overlaps[CONTAINERS], absences[CONTAINERS];

struct question question_next(struct requester *self)
{
	return (struct question){ .sequence = self->sequence++ };
}

struct question question_of_round(struct requester *self, uint32_t round)
{
	(void)self;
	return (struct question){ .sequence = round };
}

void round_key_drop(struct ks_ledger_container *container)
{
	(void)container;
}

bool request_make(struct requester *self, const struct question *question, struct ks_ledger_entry *entry, uint8_t flags,
		  uint64_t deadline)
{
	uint32_t container = (uint32_t)(self->container - ledger->container), round = self->container->round;
	unsigned int seed = round * 64 + self->worker;

	(void)flags;
	(void)deadline;
	atomic_store(&under_way[container][self->worker], round);
	for (uint32_t w = 0; w < self->container->requesters; w++) {
		uint32_t other = atomic_load(&under_way[container][w]);

		overlaps[container] += other > 0 && other != round;
	}
	entry->start = ks_now();
	entry->error = 0;
	entry->sequence = question->sequence;
	usleep((useconds_t)rand_r(&seed) % PAUSE_US_MAX);
	entry->end = ks_now();
	/* Each round is one more than this requester has asked in before. */
	if (++asked[container][self->worker] != round)
		absences[container]++;
	atomic_store(&under_way[container][self->worker], 0);
	return true;
}

static uint64_t gate_ns;
static uint32_t outside;

static void await(uint64_t until)
{
	while (ks_now() < until)
		usleep(1000);
}

/* As the runner does it. */
static void *open_and_shut(void *unused)
{
	struct ks_ledger_container *container = &ledger->container[0];
	uint32_t shut;

	await(ledger->phase.deadline - 2 * gate_ns);
	outside = atomic_load(&container->cursor);
	atomic_store(&container->gate, 1);
	ks_futex_wake_all(&container->gate);
	await(ledger->phase.deadline - gate_ns);
	atomic_store(&container->gate, 0);
	/* The round that is about to begin. */
	shut = atomic_load(&container->cursor) + container->requesters;
	await(ledger->phase.deadline);
	if (atomic_load(&container->cursor) > shut)
		outside += atomic_load(&container->cursor) - shut;
	return unused;
}

int main(int argc, char **argv)
{
	bool gate = argc == 6 && strcmp(argv[1], "gate") == 0;
	uint64_t start = ks_now();
	pthread_t opener;
	uint32_t count;

	if (argc != 6)
		return 2;
	count = (uint32_t)atoi(argv[2]);
	ledger = threads_ledger(count, (uint32_t)atoi(argv[5]));
	ledger->requests = KS_REQUESTS_STORM_DISTINCT;
	ledger->phase.kind = strcmp(argv[1], "warmup") == 0 ? KS_PHASE_WARMUP : KS_PHASE_CLOSED;
	ledger->phase.limit = (uint32_t)atoi(argv[3]);
	ledger->phase.deadline = ks_now() + (uint64_t)atoi(argv[4]) * KS_NS_PER_MS;
	for (uint32_t c = 0; c < CONTAINERS; c++)
		ledger->container[c].gated = gate;
	gate_ns = (uint64_t)atoi(argv[4]) * KS_NS_PER_MS / 3;
	if (gate && pthread_create(&opener, NULL, open_and_shut, NULL))
		return 1;
	threads_run(ledger, storm_run);
	if (gate)
		pthread_join(opener, NULL);
	for (uint32_t c = 0; c < CONTAINERS; c++) {
		for (uint32_t w = 0; w < count; w++)
			absences[c] += ledger->container[c].round - asked[c][w];
		printf("rounds %u ended %u truncated %u overlaps %u absences %u\n", ledger->container[c].rounds,
		       ledger->container[c].ended, ledger->container[c].truncated, overlaps[c], absences[c]);
	}
	if (gate)
		printf("outside %u over %llu\n", outside, (unsigned long long)((ks_now() - start) / KS_NS_PER_MS));
	free(ledger);
	return 0;
}
