// SPDX-License-Identifier: MIT
/*
 * Closed loop, open loop and batches without a guest, for loops.test.ts: requesters are threads, a request is a pause.
 *
 *	loops closed|open|batch REQUESTERS LIMIT MS RATE CAPACITY PAUSE_US FAILS
 *
 * starts two containers with so many requesters each, of whose requests every FAILS-th fails (0: none), and writes, when
 * all have come home, "lasted <ms>", then a line for each container:
 * "started <n> ended <n> ok <n> entered <n> twice <n> early <n> beyond <n> late <n> reads <n> truncated <0|1>". Of those entered in
 * open loop, early ones began before they were due, and late ones found nobody free; beyond is what began after the end; the clock is read in batches.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/arrivals.h"
#include "../../common/futex.h"
#include "../phase.h"
#include "../request.h"
#include "threads.h"

static struct ks_ledger *ledger;
static useconds_t pause_us;
static uint32_t fails;
static _Atomic uint32_t asked[CONTAINERS], answered[CONTAINERS];

struct question question_next(struct requester *self)
{
	return (struct question){ .sequence = self->sequence++ };
}

struct outcome request_make_untimed(struct requester *self, const struct question *question)
{
	bool failed = fails > 0 && question->sequence % fails == 0;
	long container = self->container - ledger->container;

	asked[container]++;
	usleep(pause_us);
	answered[container] += !failed;
	return (struct outcome){ .error = failed ? ENOKEY : 0 };
}

bool request_make(struct requester *self, const struct question *question, struct ks_ledger_entry *entry, uint8_t flags,
		  uint64_t deadline)
{
	uint64_t start = ks_now();

	if (start >= deadline)
		return false;
	entry->start = start;
	entry->flags = flags;
	entry->error = request_make_untimed(self, question).error;
	atomic_fetch_add(&entry->ends, 1);
	return true;
}

static void stop(void)
{
	atomic_store(&ledger->stop, 1);
	ks_futex_wake_all(&ledger->stop);
}

/* As the runner does it. */
static void *stop_at_deadline(void *unused)
{
	ks_futex_wait_until(&ledger->stop, 0, ledger->phase.deadline);
	stop();
	return unused;
}

static void report(uint32_t c)
{
	const struct ks_ledger_entry *entries = ks_ledger_entries(ledger, c);
	uint32_t entered = 0, twice = 0, early = 0, beyond = 0, late = 0, reads = 0;

	for (uint32_t i = 0; i < ledger->capacity; i++) {
		const struct ks_ledger_entry *entry = &entries[i];

		if (entry->ends == 0)
			continue;
		entered++;
		twice += entry->ends > 1;
		beyond += entry->start >= ledger->phase.deadline;
		late += (entry->flags & KS_ENTRY_NOBODY_FREE) != 0;
		if (ledger->phase.kind == KS_PHASE_OPEN)
			early += entry->start < ks_arrival_due(ledger->phase.start, ledger->phase.rate, i);
	}
	for (uint32_t i = 0; i < KS_REQUESTERS_MAX; i++)
		reads += ledger->container[c].tally[i].clock_reads;
	printf("started %u ended %u ok %u entered %u twice %u early %u beyond %u late %u reads %u truncated %u\n", asked[c],
	       ledger->container[c].ended, answered[c], entered, twice, early, beyond, late, reads,
	       ledger->container[c].truncated);
}

static const struct manner {
	const char *name;
	enum ks_phase_kind kind;
	void (*run)(struct requester *self);
} manners[] = {
	{ "closed", KS_PHASE_CLOSED, closed_loop_run },
	{ "open", KS_PHASE_OPEN, open_loop_run },
	{ "batch", KS_PHASE_BATCH, batch_run },
};

static const struct manner *manner_named(const char *name)
{
	for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++)
		if (strcmp(manners[i].name, name) == 0)
			return &manners[i];
	exit(2);
}

int main(int argc, char **argv)
{
	const struct manner *manner = manner_named(argc == 9 ? argv[1] : "");
	uint32_t limit = (uint32_t)atoi(argv[3]), ms = (uint32_t)atoi(argv[4]), rate = (uint32_t)atoi(argv[5]);
	uint64_t start;
	pthread_t stopper;

	ledger = threads_ledger((uint32_t)atoi(argv[2]), (uint32_t)atoi(argv[6]));
	pause_us = (useconds_t)atoi(argv[7]);
	fails = (uint32_t)atoi(argv[8]);
	start = ks_now();
	ledger->phase = (struct ks_phase){ .kind = manner->kind,
					   .limit = limit,
					   .start = start,
					   .deadline = start + ms * KS_NS_PER_MS,
					   .rate = rate };
	if (rate > 0) {
		ledger->phase.starts = ks_arrivals_within(ms, rate);
		if (ledger->phase.starts > limit)
			ledger->phase.starts = limit;
	}
	if (manner->kind == KS_PHASE_BATCH && pthread_create(&stopper, NULL, stop_at_deadline, NULL))
		return 1;
	threads_run(ledger, manner->run);
	printf("lasted %llu\n", (unsigned long long)((ks_now() - start) / KS_NS_PER_MS));
	stop();
	if (manner->kind == KS_PHASE_BATCH)
		pthread_join(stopper, NULL);
	for (uint32_t c = 0; c < CONTAINERS; c++)
		report(c);
	free(ledger);
	return 0;
}
