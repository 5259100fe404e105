// SPDX-License-Identifier: MIT
/*
 * full-signal-queue: an agent that stands still has as many signals queued as its RLIMIT_SIGPENDING allows. Who asks then gets EAGAIN at
 * once, and not the host's helper; when the agent goes on, what it was told of is answered, and who was refused may ask again.
 */
#include <errno.h>
#include <sys/resource.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "overflow.h"
#include "puppet.h"
#include "verdict.h"

#define SIGNALS 8

static int limit_signals(struct step *step)
{
	struct rlimit limit = { SIGNALS, SIGNALS };

	(void)step;
	return setrlimit(RLIMIT_SIGPENDING, &limit) ? errno : 0;
}

void check_full_signal_queue(void)
{
	static const char *const properties[] = { "full-signal-queue-is-eagain", "full-signal-queue-never-escapes",
						  "full-signal-queue-loses-nothing", "full-signal-queue-recovers" };
	struct overflow overflow;
	struct place container;
	struct puppet puppet;

	if (mechanism.delivery != DELIVERY_SIGNAL) {
		for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
			not_applicable(properties[i], "nobody is told by signal");
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	puppet = puppet_start(&container);
	require(!puppet_does(&puppet, limit_signals, NULL) && !puppet_does(&puppet, puppet_enlist, NULL),
		"an agent with room for %d signals cannot register", SIGNALS);
	overflow_try(&container, &puppet, SIGNALS, &overflow);
	require(overflow.told == SIGNALS, "the agent was told of %d requests, %d expected", overflow.told, SIGNALS);
	decide(overflow.refused == OVERFLOW_BEYOND, properties[0], "%d signals are queued for an agent that may have no more; of %d requests %d were EAGAIN at once, the last: %s",
	       overflow.told, OVERFLOW_BEYOND, overflow.refused, reply_text(&overflow.beyond));
	decide(overflow.helpers == 0, properties[1], "%d requests to an agent whose signal queue is full executed the host's helper %ld times",
	       OVERFLOW_BEYOND, overflow.helpers);
	decide(overflow.served == overflow.told && !overflow.waiting, properties[2],
	       "when it went on, the agent had been told of %d requests: %d were answered, %d still wait", overflow.told, overflow.served,
	       overflow.waiting);
	decide(reply_is_of_puppet(&overflow.again, &puppet), properties[3],
	       "who was refused for a full signal queue asks for the same again when it has drained: %s", reply_text(&overflow.again));
	fault_was("full-signal-queue", overflow.refused, overflow.gone);
}
