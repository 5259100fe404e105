// SPDX-License-Identifier: MIT
#include "hit.h"

#include <string.h>

#include "../common/answer.h"
#include "../common/keys.h"

/* The payload is the description, padded with NULs to the size of an answer: no answerer writes that. */
int hit_prepare(const struct requester *self)
{
	char payload[KS_ANSWER_MAX] = "";

	if (self->ledger->hit_percent == 0)
		return 0;
	memcpy(payload, self->hit, strlen(self->hit));
	return ks_add_key("user", self->hit, payload, self->ledger->sizes.bytes[0], KEY_SPEC_THREAD_KEYRING) < 0 ? -1 : 0;
}

bool hit_is_right(const struct question *question, const char *payload, long size)
{
	size_t length = strlen(question->description);

	if (size != (long)question->bytes || memcmp(payload, question->description, length) != 0)
		return false;
	for (const char *at = payload + length; at < payload + size; at++)
		if (*at)
			return false;
	return true;
}
