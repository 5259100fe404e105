// SPDX-License-Identifier: MIT
#include "ledger.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/arrivals.h"
#include "../common/clock.h"
#include "../common/futex.h"
#include "failure.h"

/*
 * In closed loop a window ends when every container has ended its number of requests, so a fast one goes on and needs more entries
 * than that. The memory is taken as it is touched; this bounds it (32 MB a container).
 */
#define CAPACITY_FACTOR 4
#define CAPACITY_MIN 4096
#define CAPACITY_MAX 1000000

/* Open loop: from now until the start, so that every requester waits for its first start to be due. */
#define LEAD_NS (5 * KS_NS_PER_MS)
#define LEAD_NS_PER_REQUESTER (100 * KS_NS_PER_US)

static const enum ks_expect expectations[] = {
	[ROUTE_INIT] = KS_EXPECT_HELPER,
	[ROUTE_NSENTER] = KS_EXPECT_NSENTER,
	[ROUTE_SESSION] = KS_EXPECT_AGENT,
	[ROUTE_SESSION_RFC] = KS_EXPECT_AGENT,
	[ROUTE_USERNS] = KS_EXPECT_AGENT,
	[ROUTE_INTERCEPT] = KS_EXPECT_AGENT,
	[ROUTE_NULL] = KS_EXPECT_NULL,
};

static const enum ks_requests requests[] = {
	[REQUESTS_FRESH] = KS_REQUESTS_FRESH,
	[REQUESTS_STORM_DISTINCT] = KS_REQUESTS_STORM_DISTINCT,
	[REQUESTS_STORM_ONE] = KS_REQUESTS_STORM_ONE,
};

uint32_t ledger_starts(const struct plan_window *window)
{
	uint32_t due = ks_arrivals_within(window->ms, window->rate);

	return due < window->requests ? due : window->requests;
}

static uint32_t entries_for(const struct plan_window *window)
{
	/* One entry for each start, and never more. */
	if (window->rate > 0)
		return ledger_starts(window);
	return window->requests > CAPACITY_MAX / CAPACITY_FACTOR ? CAPACITY_MAX : window->requests * CAPACITY_FACTOR;
}

static uint32_t capacity_for(const struct plan_cell *cell)
{
	uint32_t most = CAPACITY_MIN;

	for (uint32_t i = 0; i < cell->window_count; i++)
		if (entries_for(&cell->windows[i]) > most)
			most = entries_for(&cell->windows[i]);
	return most;
}

static void requesters_rest(void *arg)
{
	struct ledger *ledger = arg;
	eventfd_t value;

	/* The word of one phase may come in the next. */
	if (eventfd_read(ledger->fds[1], &value) == 0 && ks_ledger_is_at_rest(ledger->shared))
		ledger->resting = true;
}

/* The lowest `count` of 64. */
static uint64_t bits(uint32_t count)
{
	return count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
}

/* All that there are have not come to rest yet. */
static void wake(struct ledger *ledger)
{
	ledger->resting = false;
	for (uint32_t i = 0; i < ledger->shared->containers; i++) {
		ledger->killed[i] = 0;
		atomic_store(&ledger->shared->container[i].awake, ledger->present[i]);
	}
}

uint32_t ledger_awake(const struct ledger *ledger)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < ledger->shared->containers; i++)
		count += (uint32_t)__builtin_popcountll(atomic_load(&ledger->shared->container[i].awake));
	return count;
}

void ledger_requester_died(struct ledger *ledger, uint32_t container, uint32_t worker)
{
	uint64_t bit = UINT64_C(1) << worker;

	ledger->present[container] &= ~bit;
	ledger->killed[container] |= bit;
	if (ks_ledger_rest(ledger->shared, container, worker))
		ledger->resting = true;
}

void ledger_requester_expected(struct ledger *ledger, uint32_t container, uint32_t worker)
{
	uint64_t bit = UINT64_C(1) << worker;

	ledger->present[container] |= bit;
	ledger->resting = false;
	atomic_fetch_or(&ledger->shared->container[container].awake, bit);
}

/* The newest first: what is under way has begun last. */
bool ledger_is_asking(const struct ledger *ledger, uint32_t container, uint32_t worker)
{
	const struct ks_ledger_entry *entries = ks_ledger_entries(ledger->shared, container);

	for (uint32_t i = ledger_used(ledger, container); i-- > 0;)
		if (entries[i].worker == worker && entries[i].start > 0)
			return entries[i].ends == 0;
	return false;
}

int ledger_open(struct ledger *ledger, const struct plan_cell *cell, uint64_t init_userns)
{
	uint32_t capacity = capacity_for(cell);
	void *memory;

	*ledger = (struct ledger){ .fds = { -1, -1 }, .size = ks_ledger_size(cell->container_count, capacity) };
	for (uint32_t i = 0; i < cell->window_count && !ledger->has_stages; i++)
		ledger->has_stages = cell->windows[i].stages;
	if (ledger->has_stages)
		ledger->size += ks_ledger_stages_size(cell->container_count, capacity);
	for (uint32_t i = 0; i < cell->container_count; i++)
		ledger->present[i] = bits(cell->containers[i].requesters);
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
	ledger->shared->expect = expectations[cell->mechanism.route];
	ledger->shared->requests = requests[cell->requests];
	ledger->shared->hit_percent = cell->hit_percent;
	ledger->shared->sizes.count = cell->payload_count;
	memcpy(ledger->shared->sizes.bytes, cell->payload_bytes, cell->payload_count * sizeof(cell->payload_bytes[0]));
	ledger->shared->backoff_ns = cell->backoff_us * KS_NS_PER_US;
	ledger->shared->init_userns = init_userns;
	for (uint32_t i = 0; i < cell->container_count; i++) {
		ledger->shared->container[i].requesters = cell->containers[i].requesters;
		ledger->shared->container[i].gated = cell->containers[i].storms;
	}
	/* Every requester says once that it is there, as if a phase had ended. */
	wake(ledger);
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
		if (ledger->has_stages)
			memset(ks_ledger_stages(shared, i), 0, ledger_used(ledger, i) * sizeof(struct ks_ledger_stages));
		atomic_store(&container->cursor, 0);
		atomic_store(&container->ended, 0);
		atomic_store(&container->truncated, 0);
		container->rounds = 0;
		container->ended_at = 0;
		memset(container->tally, 0, sizeof(container->tally));
	}
	atomic_store(&shared->stop, 0);
	atomic_store(&shared->stopped_at, 0);
	atomic_store(&shared->reached, 0);
}

uint64_t ledger_start(struct ledger *ledger, const struct ks_phase *phase, uint64_t duration_ns)
{
	struct ks_ledger *shared = ledger->shared;
	uint64_t start;

	empty(ledger);
	wake(ledger);
	shared->phase = *phase;
	start = ks_now();
	if (phase->kind == KS_PHASE_OPEN)
		start += LEAD_NS + ledger_awake(ledger) * LEAD_NS_PER_REQUESTER;
	shared->phase.start = start;
	shared->phase.deadline = start + duration_ns;
	atomic_fetch_add(&shared->epoch, 1);
	ks_futex_wake_all(&shared->epoch);
	return start;
}

void ledger_stop(struct ledger *ledger)
{
	uint64_t never = 0;

	atomic_compare_exchange_strong(&ledger->shared->stopped_at, &never, ks_now());
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

void ledger_write_requests(const struct ledger *ledger, struct json *json)
{
	uint64_t ok = 0, failed = 0, hits = 0, rounds = 0;

	for (uint32_t i = 0; i < ledger->shared->containers; i++) {
		const struct ks_ledger_container *container = &ledger->shared->container[i];

		ok += atomic_load(&container->ok);
		failed += atomic_load(&container->failed);
		hits += atomic_load(&container->hits);
		rounds += container->round;
	}
	json_unsigned(json, "upcalls_ok", ok);
	json_unsigned(json, "upcalls_failed", failed);
	json_unsigned(json, "hits", hits);
	json_unsigned(json, "rounds", rounds);
}
