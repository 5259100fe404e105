// SPDX-License-Identifier: MIT
#include "requester.h"

#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>

#include "../common/spread.h"

#define DIGITS_MAX 10

int requester_init(struct requester *self, struct ks_ledger *ledger, const char *cell, const char *name,
		   uint32_t container, uint32_t worker)
{
	if (container >= ledger->containers || worker >= KS_REQUESTERS_MAX)
		return -1;
	self->ledger = ledger;
	self->container = &ledger->container[container];
	self->entries = ks_ledger_entries(ledger, container);
	self->stages = ks_ledger_stages(ledger, container);
	self->tally = &self->container->tally[worker];
	self->worker = worker;
	self->own.prefix = (size_t)snprintf(self->own.text, DESCRIPTION_MAX, "ks:%.32s:%.32s:%u:", cell, name, worker);
	self->round.prefix = (size_t)snprintf(self->round.text, DESCRIPTION_MAX, "ks:%.32s:%.32s:r:", cell, name);
	snprintf(self->hit, DESCRIPTION_MAX, "ks:%.32s:%.32s:%u:hit", cell, name, worker);
	return 0;
}

/* Lighter than snprintf: this is between any two requests. */
static const char *with_number(struct numbered *description, uint32_t number)
{
	char digits[DIGITS_MAX], *at = description->text + description->prefix;
	int count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		*at++ = digits[--count];
	*at = '\0';
	return description->text;
}

static uint32_t size_for(const struct requester *self, uint32_t number)
{
	return self->ledger->sizes.bytes[number % self->ledger->sizes.count];
}

struct question question_next(struct requester *self)
{
	uint32_t number;

	if (ks_spread(self->asked++, self->ledger->hit_percent))
		return (struct question){ .description = self->hit, .bytes = self->ledger->sizes.bytes[0], .hit = true };
	number = self->sequence++;
	return (struct question){ .description = with_number(&self->own, number),
				  .into = KEY_SPEC_PROCESS_KEYRING,
				  .bytes = size_for(self, number),
				  .sequence = number };
}

struct question question_of_round(struct requester *self, uint32_t round)
{
	return (struct question){ .description = with_number(&self->round, round),
				  .into = KEY_SPEC_SESSION_KEYRING,
				  .bytes = size_for(self, round),
				  .sequence = round };
}
