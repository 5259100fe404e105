// SPDX-License-Identifier: MIT
#include "overflow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "crowd.h"

/* Those beyond go to the place's session keyring: who asks again is to find what the refusal has left. */
static struct question beyond(int number)
{
	char description[64];
	struct question question;

	snprintf(description, sizeof(description), "ks:check:beyond:%d:0", number);
	question = question_of(description);
	question.keyring = KEY_SPEC_SESSION_KEYRING;
	return question;
}

/* The agent goes on, until it is told of no more. */
static void drain(const struct puppet *puppet, int requests)
{
	struct step step;

	while (requests-- > 0 && puppet_is_told(puppet, &step, PATIENCE_MS)) {
		int error = puppet_does(puppet, puppet_answer, &step);

		require(!error, "agent %u cannot answer: %s", puppet->id, strerror(error));
	}
}

void overflow_try(const struct place *place, const struct puppet *puppet, int room, struct overflow *overflow)
{
	static struct crowd crowd;
	struct question question;
	long before = puppet_notifications(puppet), helpers = counter("helper_execs");

	*overflow = (struct overflow){ 0 };
	crowd_start(&crowd, place, "within", room);
	/* If there is less room than that it shows in how many were told. */
	puppet_is_notified(puppet, before + room);
	for (int i = 0; i < OVERFLOW_BEYOND; i++) {
		question = beyond(i);
		overflow->beyond = ask_question_and_wait(place, &question);
		overflow->refused += overflow->beyond.error == EAGAIN && is_prompt(&overflow->beyond);
	}
	overflow->told = (int)(puppet_notifications(puppet) - before);
	drain(puppet, overflow->told);
	crowd_hear(&crowd, PATIENCE_MS);
	for (int i = 0; i < crowd.heard; i++)
		overflow->served += reply_is_of_puppet(&crowd.replies[i], puppet);
	overflow->waiting = crowd.size - crowd.heard;
	crowd_end(&crowd);
	overflow->again = puppet_serves(puppet, ask_question(place, &question));
	overflow->helpers = counter("helper_execs") - helpers;
	overflow->gone = is_served(place, puppet, "ks:check:after:0:0");
}
