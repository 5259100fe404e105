// SPDX-License-Identifier: MIT
/*
 * exhaust-pids: the container may have no more processes than it has. Its init tries to start one at once, and again after
 * clearing. A hit is one that the kernel refused, to it or to whoever else has tried.
 */
#include "fault.h"

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "group.h"

#define ANSWER_MS (20000 * slowness())
#define UNBOUNDED "max"

static uint64_t count(const struct fault_record *record)
{
	return group_count(record->container, GROUP_WHOLE, "pids.events", "max");
}

static bool has_answered(const void *arg)
{
	return ((const struct container *)arg)->forked != FORK_ASKED;
}

/* Whether the container's init can start a process; only one answer is under way at a time. */
static int try_to_fork(struct container *container)
{
	container->forked = FORK_ASKED;
	if (container_tell(container, "fork"))
		return -1;
	return events_wait(ks_now() + ANSWER_MS * KS_NS_PER_MS, has_answered, container, NULL) == WAIT_FAILED ? -1 : 0;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	char current[32];

	(void)faults;
	if (!group_read(record->container, GROUP_WHOLE, "pids.current", current, sizeof(current)) &&
	    !group_write(record->container, GROUP_WHOLE, "pids.max", current))
		record->to_undo = true;
	return 0;
}

static int probe(struct fault_record *record)
{
	return try_to_fork(record->container);
}

static void undo(struct fault_record *record)
{
	group_write(record->container, GROUP_WHOLE, "pids.max", UNBOUNDED);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	if (try_to_fork(record->container))
		return -1;
	record->gone = group_holds(record->container, GROUP_WHOLE, "pids.max", UNBOUNDED) &&
		       record->container->forked == FORK_DONE;
	return 0;
}

const struct fault_kind fault_exhaust_pids = {
	.inject = inject,
	.probe = probe,
	.undo = undo,
	.settle = settle,
	.count = count,
	.grouped = true,
	.at_once = true,
};
