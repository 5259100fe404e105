// SPDX-License-Identifier: MIT
#include "request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../common/answer.h"
#include "../common/clock.h"
#include "../common/keys.h"

#define DESCRIPTION_MAX 160
#define CALLOUT "ks"
#define NULL_ANSWER "null"

static uint8_t check_answer(const struct requester *self, const struct ks_ledger *ledger, const char *description,
			    ks_key_serial key, struct ks_ledger_entry *entry)
{
	char payload[KS_ANSWER_MAX + 1];
	struct ks_answerer answerer;
	uint8_t flags = 0;
	long size = ks_key_read(key, payload, sizeof(payload));

	if (ledger->expect == KS_EXPECT_NULL)
		return size == (long)strlen(NULL_ANSWER) && memcmp(payload, NULL_ANSWER, (size_t)size) == 0 ? 0 : KS_ENTRY_WRONG;
	if (size != (long)ledger->payload_bytes || ks_answer_parse(payload, (size_t)size, description, &answerer))
		return KS_ENTRY_WRONG;
	entry->agent = answerer.agent;
	if (answerer.userns != self->userns)
		flags |= KS_ENTRY_FOREIGN_NS;
	if (ledger->expect == KS_EXPECT_HELPER &&
	    (answerer.agent != KS_HELPER_AGENT_ID || answerer.userns != ledger->init_userns))
		flags |= KS_ENTRY_WRONG;
	return flags;
}

void request_make(struct requester *self, const struct ks_ledger *ledger, struct ks_ledger_entry *entry)
{
	char description[DESCRIPTION_MAX];
	uint64_t start, end;
	ks_key_serial key;
	int error;

	snprintf(description, sizeof(description), "ks:%s:%s:%u:%u", self->cell, self->name, self->worker, self->sequence);
	/* All but the start is written first: the first touch of a page of the ledger must not fall into the time. */
	entry->worker = (uint16_t)self->worker;
	entry->sequence = self->sequence++;
	entry->agent = 0;
	entry->flags = 0;
	entry->error = 0;
	entry->end = 0;

	start = ks_now();
	*(volatile uint64_t *)&entry->start = start;
	key = ks_request_key("user", description, CALLOUT, KEY_SPEC_PROCESS_KEYRING);
	end = ks_now();
	error = key < 0 ? errno : 0;

	entry->end = end;
	entry->error = error;
	if (!error)
		entry->flags = check_answer(self, ledger, description, key, entry);
	atomic_fetch_add(&entry->ends, 1);
	ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING);
}
