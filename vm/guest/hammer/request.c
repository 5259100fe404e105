// SPDX-License-Identifier: MIT
#include "request.h"

#include <errno.h>
#include <string.h>

#include "../common/answer.h"
#include "../common/clock.h"
#include "../common/keys.h"
#include "hit.h"

#define CALLOUT "ks"
#define NULL_ANSWER "null"

static bool is_expected(const struct requester *self, const struct ks_answerer *answerer)
{
	const struct ks_ledger *ledger = self->ledger;

	switch ((enum ks_expect)ledger->expect) {
	case KS_EXPECT_HELPER:
		return answerer->agent == KS_HELPER_AGENT_ID && answerer->userns == ledger->init_userns;
	case KS_EXPECT_NSENTER:
		return answerer->agent == KS_HELPER_AGENT_ID && answerer->userns == self->userns && answerer->netns == self->netns;
	case KS_EXPECT_AGENT:
	case KS_EXPECT_NULL:
		break;
	}
	return true;
}

/* `stages` is filled in when the answer is one that can be stamped, and right. */
static uint8_t check_answer(const struct requester *self, const struct question *question, ks_key_serial key,
			    uint32_t *agent, struct ks_answer_stages *stages)
{
	const struct ks_ledger *ledger = self->ledger;
	char payload[KS_ANSWER_MAX + 1];
	struct ks_answerer answerer;
	uint8_t flags = 0;
	long size = ks_key_read(key, payload, sizeof(payload));

	if (question->hit)
		return hit_is_right(question, payload, size) ? 0 : KS_ENTRY_WRONG;
	if (ledger->expect == KS_EXPECT_NULL)
		return size == (long)strlen(NULL_ANSWER) && memcmp(payload, NULL_ANSWER, (size_t)size) == 0 ? 0 : KS_ENTRY_WRONG;
	if (size != (long)question->bytes ||
	    ks_answer_parse(payload, (size_t)size, question->description, &answerer, stages))
		return KS_ENTRY_WRONG;
	*agent = answerer.agent;
	if (answerer.userns != self->userns && answerer.userns != self->container_userns)
		flags |= KS_ENTRY_FOREIGN_NS;
	if (!is_expected(self, &answerer))
		flags |= KS_ENTRY_WRONG;
	return flags;
}

/* The key of a round is the round's: others may still be on their way to it. */
static void drop(struct requester *self, const struct question *question, ks_key_serial key)
{
	if (question->into == KEY_SPEC_PROCESS_KEYRING)
		ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING);
	else if (question->into == KEY_SPEC_SESSION_KEYRING && key > 0)
		atomic_store_explicit(&self->container->round_key, key, memory_order_relaxed);
}

static void count(struct requester *self, const struct question *question, int32_t error)
{
	struct ks_ledger_container *container = self->container;

	atomic_fetch_add_explicit(error ? &container->failed : &container->ok, 1, memory_order_relaxed);
	if (question->hit)
		atomic_fetch_add_explicit(&container->hits, 1, memory_order_relaxed);
}

/* Where the stages of the request go; NULL: nowhere. */
static struct ks_ledger_stages *stages_for(const struct requester *self, const struct ks_ledger_entry *entry)
{
	const struct ks_phase *phase = &self->ledger->phase;

	if (!phase->stages || phase->kind == KS_PHASE_WARMUP)
		return NULL;
	return self->stages + (entry - self->entries);
}

static void enter_stages(struct ks_ledger_stages *entered, ks_key_serial key, const struct ks_answer_stages *stages)
{
	entered->woke = stages->woke;
	entered->assumed = stages->assumed;
	entered->answering = stages->answering;
	entered->serial = key;
}

bool request_make(struct requester *self, const struct question *question, struct ks_ledger_entry *entry, uint8_t flags,
		  uint64_t deadline)
{
	struct ks_ledger_stages *entered = stages_for(self, entry);
	struct ks_answer_stages stages = { 0 };
	uint64_t start, end;
	ks_key_serial key;
	int error;

	/* All but the start is written first: the first touch of a page of the ledger must not fall into the time. */
	entry->worker = (uint16_t)self->worker;
	entry->sequence = question->sequence;
	entry->agent = 0;
	entry->flags = question->hit ? flags | KS_ENTRY_HIT : flags;
	entry->error = 0;
	entry->end = 0;
	if (entered)
		entered->serial = 0;

	start = ks_now();
	if (start >= deadline)
		return false;
	*(volatile uint64_t *)&entry->start = start;
	key = ks_request_key("user", question->description, CALLOUT, question->into);
	end = ks_now();
	error = key < 0 ? errno : 0;

	entry->end = end;
	entry->error = error;
	if (!error)
		entry->flags |= check_answer(self, question, key, &entry->agent, &stages);
	if (entered && !error && !question->hit)
		enter_stages(entered, key, &stages);
	atomic_fetch_add(&entry->ends, 1);
	drop(self, question, key);
	count(self, question, error);
	return true;
}

struct outcome request_make_untimed(struct requester *self, const struct question *question)
{
	struct ks_answer_stages unentered;
	struct outcome outcome = { 0 };
	ks_key_serial key = ks_request_key("user", question->description, CALLOUT, question->into);

	if (key < 0)
		outcome.error = errno;
	else
		outcome.flags = check_answer(self, question, key, &outcome.agent, &unentered);
	drop(self, question, key);
	count(self, question, outcome.error);
	return outcome;
}
