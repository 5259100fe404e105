// SPDX-License-Identifier: MIT
/*
 * ks-hammer: one requester, closed-loop: one request outstanding at a time.
 *
 *	ks-hammer <cell> <container> <container-index> <worker>
 *
 * started by ks-pod with the ledger and the eventfd open. It lives as long as its cell and does no input or output: all
 * it knows comes from the ledger and all it finds goes there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/futex.h"
#include "../common/keys.h"
#include "../common/ledger.h"
#include "request.h"

static struct ks_ledger *map_ledger(void)
{
	struct stat status;
	void *memory;

	if (fstat(KS_HAMMER_LEDGER_FD, &status) || status.st_size < (off_t)sizeof(struct ks_ledger))
		return NULL;
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, KS_HAMMER_LEDGER_FD, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static struct ks_ledger_entry *take_entry(struct ks_ledger *ledger, const struct requester *self)
{
	struct ks_ledger_container *container = &ledger->container[self->container];
	uint32_t index = atomic_fetch_add_explicit(&container->cursor, 1, memory_order_relaxed);

	if (index >= ledger->capacity) {
		atomic_store_explicit(&container->truncated, 1, memory_order_relaxed);
		return NULL;
	}
	return ks_ledger_entries(ledger, self->container) + index;
}

/* The container whose requesters have just ended their last request ends the window when it is the last of all. */
static void count_ended(struct ks_ledger *ledger, const struct requester *self)
{
	struct ks_ledger_container *container = &ledger->container[self->container];

	if (atomic_fetch_add(&container->ended, 1) + 1 != ledger->phase.limit)
		return;
	if (atomic_fetch_add(&ledger->reached, 1) + 1 != ledger->containers)
		return;
	atomic_store(&ledger->stopped_at, ks_now());
	atomic_store(&ledger->stop, 1);
	ks_futex_wake_all(&ledger->stop);
}

static void back_off(struct ks_ledger *ledger)
{
	struct timespec pause = ks_timespec(ledger->backoff_ns);

	if (ledger->backoff_ns > 0)
		ks_futex_wait(&ledger->stop, 0, &pause);
}

static void run_phase(struct ks_ledger *ledger, struct requester *self)
{
	struct ks_ledger_container *container = &ledger->container[self->container];
	struct ks_ledger_entry unentered, *entry = &unentered;

	for (uint32_t made = 0; !atomic_load(&ledger->stop); made++) {
		if (ledger->phase.kind == KS_PHASE_WARMUP && made == ledger->phase.limit)
			return;
		if (ks_now() >= ledger->phase.deadline)
			return;
		if (ledger->phase.kind == KS_PHASE_WINDOW) {
			entry = take_entry(ledger, self);
			if (!entry)
				return;
		}
		request_make(self, ledger, entry);
		atomic_fetch_add_explicit(entry->error ? &container->failed : &container->ok, 1, memory_order_relaxed);
		if (ledger->phase.kind == KS_PHASE_WINDOW)
			count_ended(ledger, self);
		if (entry->error)
			back_off(ledger);
	}
}

static void serve(struct ks_ledger *ledger, struct requester *self)
{
	uint32_t seen;

	for (;;) {
		seen = atomic_load(&ledger->epoch);
		if (atomic_fetch_sub(&ledger->running, 1) == 1 && eventfd_write(KS_HAMMER_IDLE_FD, 1))
			exit(EXIT_FAILURE);
		while (atomic_load(&ledger->epoch) == seen)
			ks_futex_wait(&ledger->epoch, seen, NULL);
		run_phase(ledger, self);
	}
}

int main(int argc, char **argv)
{
	struct ks_ledger *ledger = map_ledger();
	struct requester self;
	struct stat userns;

	if (argc != 5 || !ledger || ledger->version != KS_LEDGER_VERSION) {
		fprintf(stderr, "ks-hammer: started by ks-pod only, with the ledger on descriptor %d\n", KS_HAMMER_LEDGER_FD);
		return 2;
	}
	if (stat("/proc/self/ns/user", &userns) || ks_keyring_id(KEY_SPEC_PROCESS_KEYRING) < 0) {
		perror("ks-hammer: own user namespace or process keyring");
		return 1;
	}
	self = (struct requester){ .cell = argv[1],
				   .name = argv[2],
				   .container = (uint32_t)strtoul(argv[3], NULL, 10),
				   .worker = (uint32_t)strtoul(argv[4], NULL, 10),
				   .userns = userns.st_ino };
	if (self.container >= ledger->containers) {
		fprintf(stderr, "ks-hammer: container %s is not in the ledger\n", argv[3]);
		return 2;
	}
	serve(ledger, &self);
}
