// SPDX-License-Identifier: MIT
#include "ledger.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/futex.h"
#include "failure.h"

/*
 * A window ends when every container has ended its number of requests, so a fast one goes on and needs more entries
 * than that. The memory is taken as it is touched; this bounds it (32 MB a container).
 */
#define CAPACITY_FACTOR 4
#define CAPACITY_MIN 4096
#define CAPACITY_MAX 1000000

static const enum ks_expect expectations[] = {
	[ROUTE_INIT] = KS_EXPECT_HELPER,
	[ROUTE_SESSION] = KS_EXPECT_AGENT,
	[ROUTE_NULL] = KS_EXPECT_NULL,
};

static uint32_t capacity_for(const struct plan_cell *cell)
{
	uint32_t most = CAPACITY_MIN / CAPACITY_FACTOR;

	for (uint32_t i = 0; i < cell->window_count; i++)
		if (cell->windows[i].requests > most)
			most = cell->windows[i].requests;
	return most > CAPACITY_MAX / CAPACITY_FACTOR ? CAPACITY_MAX : most * CAPACITY_FACTOR;
}

static void requesters_rest(void *arg)
{
	struct ledger *ledger = arg;
	eventfd_t value;

	if (eventfd_read(ledger->fds[1], &value) == 0)
		ledger->resting = true;
}

int ledger_open(struct ledger *ledger, const struct plan_cell *cell, uint64_t init_userns)
{
	uint32_t capacity = capacity_for(cell);
	void *memory;

	*ledger = (struct ledger){ .fds = { -1, -1 }, .size = ks_ledger_size(cell->container_count, capacity) };
	for (uint32_t i = 0; i < cell->container_count; i++)
		ledger->requesters += cell->containers[i].requesters;
	ledger->fds[0] = memfd_create("keystorm-ledger", MFD_CLOEXEC);
	ledger->fds[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ledger->fds[0] < 0 || ledger->fds[1] < 0 || ftruncate(ledger->fds[0], (off_t)ledger->size))
		return fail("ledger", "cannot make its memory: %s", strerror(errno));
	memory = mmap(NULL, ledger->size, PROT_READ | PROT_WRITE, MAP_SHARED, ledger->fds[0], 0);
	if (memory == MAP_FAILED)
		return fail("ledger", "cannot map its memory: %s", strerror(errno));
	ledger->shared = memory;
	ledger->shared->version = KS_LEDGER_VERSION;
	ledger->shared->containers = cell->container_count;
	ledger->shared->capacity = capacity;
	ledger->shared->expect = expectations[cell->route];
	ledger->shared->payload_bytes = cell->payload_bytes[0];
	ledger->shared->backoff_ns = cell->backoff_us * KS_NS_PER_US;
	ledger->shared->init_userns = init_userns;
	/* Every requester says once that it is there, as if a phase had ended. */
	atomic_store(&ledger->shared->running, ledger->requesters);
	return events_watch(ledger->fds[1], requesters_rest, ledger);
}

void ledger_close(struct ledger *ledger)
{
	if (ledger->fds[1] >= 0)
		events_forget(ledger->fds[1]);
	if (ledger->shared)
		munmap(ledger->shared, ledger->size);
	for (int i = 0; i < 2; i++)
		if (ledger->fds[i] >= 0)
			close(ledger->fds[i]);
	*ledger = (struct ledger){ .fds = { -1, -1 } };
}

uint32_t ledger_used(const struct ledger *ledger, uint32_t container)
{
	uint32_t taken = atomic_load(&ledger->shared->container[container].cursor);

	return taken < ledger->shared->capacity ? taken : ledger->shared->capacity;
}

static void empty(struct ledger *ledger)
{
	struct ks_ledger *shared = ledger->shared;

	for (uint32_t i = 0; i < shared->containers; i++) {
		struct ks_ledger_container *container = &shared->container[i];

		memset(ks_ledger_entries(shared, i), 0, ledger_used(ledger, i) * sizeof(struct ks_ledger_entry));
		atomic_store(&container->cursor, 0);
		atomic_store(&container->ended, 0);
		atomic_store(&container->truncated, 0);
	}
	atomic_store(&shared->stop, 0);
	atomic_store(&shared->stopped_at, 0);
	atomic_store(&shared->reached, 0);
}

uint64_t ledger_start(struct ledger *ledger, enum ks_phase_kind kind, uint32_t limit, uint64_t duration_ns)
{
	struct ks_ledger *shared = ledger->shared;
	uint64_t now;

	empty(ledger);
	ledger->resting = false;
	atomic_store(&shared->running, ledger->requesters);
	now = ks_now();
	shared->phase = (struct ks_phase){ .kind = kind, .limit = limit, .deadline = now + duration_ns };
	atomic_fetch_add(&shared->epoch, 1);
	ks_futex_wake_all(&shared->epoch);
	return now;
}

void ledger_stop(struct ledger *ledger)
{
	atomic_store(&ledger->shared->stop, 1);
	ks_futex_wake_all(&ledger->shared->stop);
}

static bool is_resting(const void *arg)
{
	return ((const struct ledger *)arg)->resting;
}

enum wait_result ledger_await(struct ledger *ledger, uint64_t until, const char *phase)
{
	return events_wait(until, is_resting, ledger, phase);
}
