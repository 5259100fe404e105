// SPDX-License-Identifier: MIT
/*
 * revoked-in-making: somebody in the requester's session revokes the key that is under construction. The kernel has the revoker
 * wait until the key is made; the requester is not given it, and who asks next is told that it is revoked.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "keyring_acts.h"
#include "verdict.h"

#define DESCRIPTION "ks:check:revoked-in-making:0:0"

static void stay_on_first_processor(const struct task *task)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	require(!sched_setaffinity(task->pid, sizeof(set), &set), "cannot choose a processor: %s", strerror(errno));
}

/* Both wait for one event: the revoker is to run first, else the requester might have the key before it is revoked. */
static void let_first(const struct task *task, const struct task *second)
{
	struct sched_param first = { .sched_priority = 1 };

	stay_on_first_processor(task);
	stay_on_first_processor(second);
	require(!sched_setscheduler(task->pid, SCHED_FIFO, &first), "cannot let a process run first: %s", strerror(errno));
}

void check_revoked_in_making(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct task request = ask_in_session(&container, DESCRIPTION), revoker;
	struct upcall upcall = actor_take(&actor, &request);
	struct served found, next;
	struct acted revoked, unlinked;
	struct reply reply;
	bool waited;
	int refused;

	revoker = act_start(&container, &(struct act){ .operation = KEYCTL_REVOKE, .key = upcall.serial });
	waited = !task_ends(&revoker, HANGING_MS);
	if (waited)
		let_first(&revoker, &request);
	refused = upcall_answer(&upcall, "of no use");
	/* Before a helper exits, whereupon the kernel looks at the key once more. */
	revoked = act_end(&revoker);
	upcall_end(&upcall);
	reply = reply_within(&request, PATIENCE_MS);
	decide(reply.error == ENOKEY || reply.error == EKEYREVOKED, "revoked-in-making-refused",
	       "a key was revoked under construction (%s; the revoker %s until it was made; the answer: %s); its requester got %s",
	       error_text(revoked.error), waited ? "waited" : "did not wait", error_text(refused), reply_text(&reply));
	found = actor_serve(&actor, &container, DESCRIPTION, "too early");
	decide(found.reply.error == EKEYREVOKED && !found.asked, "revoked-in-making-stays-so", "the next request for it: %s, %s an upcall",
	       reply_text(&found.reply), found.asked ? "by" : "without");
	unlinked = act_in(&container, &(struct act){ KEYCTL_UNLINK, upcall.serial, KEY_SPEC_SESSION_KEYRING, 0 });
	next = actor_serve(&actor, &container, DESCRIPTION, "a new one");
	fault_was("revoke-in-making", waited && !revoked.error, !unlinked.error && next.asked && reply_says(&next.reply, "a new one"));
}
