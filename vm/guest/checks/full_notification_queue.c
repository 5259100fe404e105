// SPDX-License-Identifier: MIT
/*
 * full-notification-queue: the queue of an agent that stands still holds so many requests and no more. Who asks then gets EAGAIN at once,
 * and when the agent goes on it finds every one that it holds.
 */
#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "overflow.h"
#include "puppet.h"
#include "verdict.h"

void check_full_notification_queue(void)
{
	static const char *const properties[] = { "full-queue-is-eagain", "full-queue-is-bounded", "full-queue-loses-nothing" };
	struct overflow overflow;
	struct place container;
	struct puppet puppet;

	if (mechanism.delivery != DELIVERY_FD_WRITE && mechanism.delivery != DELIVERY_FD_KEYCTL) {
		for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
			not_applicable(properties[i], "its agents have no queue, or there are none");
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	puppet = puppet_agent(&container);
	overflow_try(&container, &puppet, KS_QUEUE_MAX, &overflow);
	decide(overflow.refused == OVERFLOW_BEYOND && overflow.helpers == 0, properties[0],
	       "%d requests wait in the queue of an agent that stands still; of %d more %d were EAGAIN at once, the last: %s; the host's helper was executed %ld times",
	       overflow.told, OVERFLOW_BEYOND, overflow.refused, reply_text(&overflow.beyond), overflow.helpers);
	decide(overflow.told == KS_QUEUE_MAX, properties[1], "of %d requests to an agent that stands still its queue took %d, %d being its bound",
	       KS_QUEUE_MAX + OVERFLOW_BEYOND, overflow.told, KS_QUEUE_MAX);
	decide(overflow.served == overflow.told && !overflow.waiting && reply_is_of_puppet(&overflow.again, &puppet), properties[2],
	       "when it went on, the agent's queue held %d requests: %d were answered, %d still wait; one that was refused asks again: %s",
	       overflow.told, overflow.served, overflow.waiting, reply_text(&overflow.again));
	fault_was("full-notification-queue", overflow.refused, overflow.gone);
}
