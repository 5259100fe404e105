// SPDX-License-Identifier: MIT
/*
 * Storms: the requesters of a container begin each round together, once all have ended the one before. Between rounds they
 * meet in the ledger; the last to arrive decides for all whether there is another round, so nobody is left waiting for one
 * who has gone home.
 *
 * A container may have a gate: in a window it storms only while that is open, and such a window lasts until its deadline.
 */
#include "../common/clock.h"
#include "../common/futex.h"
#include "phase.h"
#include "request.h"
#include "round_key.h"

static bool may_go_on(struct requester *self)
{
	const struct ks_phase *phase = &self->ledger->phase;
	struct ks_ledger_container *container = self->container;

	if (atomic_load(&self->ledger->stop) || ks_now() >= phase->deadline)
		return false;
	if (phase->kind == KS_PHASE_WARMUP)
		return container->rounds < phase->limit;
	if ((uint64_t)(container->rounds + 1) * container->requesters <= self->ledger->capacity)
		return true;
	atomic_store(&container->truncated, 1);
	return false;
}

/* Until the gate is open, or the phase over; the others wait for whoever waits here. */
static void await_gate(struct requester *self)
{
	const struct ks_phase *phase = &self->ledger->phase;
	struct ks_ledger_container *container = self->container;

	if (!container->gated || phase->kind == KS_PHASE_WARMUP)
		return;
	while (!atomic_load(&container->gate) && ks_now() < phase->deadline)
		ks_futex_wait_until(&container->gate, 0, phase->deadline);
}

static void decide(struct requester *self)
{
	struct ks_ledger_container *container = self->container;

	if (container->rounds > 0) {
		if (self->ledger->phase.kind != KS_PHASE_WARMUP && !container->gated)
			phase_count_ended(self, container->requesters);
		if (self->ledger->requests == KS_REQUESTS_STORM_ONE)
			round_key_drop(container);
	}
	await_gate(self);
	container->go_on = may_go_on(self);
	if (!container->go_on) {
		container->ended_at = ks_now();
		return;
	}
	container->round++;
	container->rounds++;
	atomic_store(&container->cursor, container->rounds * container->requesters);
}

/* Whether another round begins; returns to all requesters of the container at once. */
static bool meet(struct requester *self)
{
	struct ks_ledger_container *container = self->container;
	uint32_t turn = atomic_load(&container->turn);

	if (atomic_fetch_add(&container->arrived, 1) + 1 == container->requesters) {
		decide(self);
		atomic_store(&container->arrived, 0);
		atomic_fetch_add(&container->turn, 1);
		ks_futex_wake_all(&container->turn);
	} else {
		while (atomic_load(&container->turn) == turn)
			ks_futex_wait(&container->turn, turn, NULL);
	}
	return container->go_on;
}

void storm_run(struct requester *self)
{
	const struct ks_ledger *ledger = self->ledger;
	const struct ks_ledger_container *container = self->container;
	struct ks_ledger_entry unentered = { 0 }, *entry = &unentered;

	while (meet(self)) {
		struct question question = ledger->requests == KS_REQUESTS_STORM_ONE ?
						   question_of_round(self, container->round - 1) :
						   question_next(self);

		if (ledger->phase.kind != KS_PHASE_WARMUP)
			entry = self->entries + (container->rounds - 1) * container->requesters + self->worker;
		request_make(self, &question, entry, 0, UINT64_MAX);
		if (entry->error)
			phase_back_off(self);
	}
}
