// SPDX-License-Identifier: GPL-2.0-only
/* What all agents have in common: being held by a registration, pending upcalls, and death. */
#include <linux/sched.h>

#include "keystorm.h"
#include "keystorm_uapi.h"

/**
 * ks_agent_init - a new agent, alive, held by nobody, with one reference
 * @agent: zeroed memory
 * @delivery: how to reach it
 */
void ks_agent_init(struct ks_agent *agent, const struct ks_delivery *delivery)
{
	refcount_set(&agent->refs, 1);
	agent->delivery = delivery;
	spin_lock_init(&agent->lock);
	INIT_LIST_HEAD(&agent->pending);
}

/**
 * ks_agent_get - another reference
 * @agent: the caller has one already
 *
 * Return: @agent.
 */
struct ks_agent *ks_agent_get(struct ks_agent *agent)
{
	refcount_inc(&agent->refs);
	return agent;
}

/**
 * ks_agent_put - give a reference back; process context, no lock held
 * @agent: may be NULL
 */
void ks_agent_put(struct ks_agent *agent)
{
	if (agent && refcount_dec_and_test(&agent->refs))
		agent->delivery->free(agent);
}

/* Takes @upcall off its agent. Caller holds the agent's lock. */
static void ks_agent_forget(struct ks_upcall *upcall)
{
	struct ks_agent *agent = upcall->agent;

	if (list_empty(&upcall->pending))
		return;
	list_del_init(&upcall->pending);
	agent->nr_pending--;
	if (agent->delivery->forget)
		agent->delivery->forget(upcall);
}

/* The requester of a pending upcall need not wait. Caller holds the lock. */
static void ks_agent_give_up(struct ks_upcall *upcall, int error)
{
	ks_agent_forget(upcall);
	WRITE_ONCE(upcall->aborted, error);
	if (upcall->waiter)
		wake_up_process(upcall->waiter);
}

/* Nobody holds the agent any more: its requesters need not wait. Caller holds the lock. */
static void ks_agent_let_go(struct ks_agent *agent, int error)
{
	struct ks_upcall *upcall, *next;

	agent->attachment = 0;
	agent->why_let_go = error;
	list_for_each_entry_safe(upcall, next, &agent->pending, pending)
		ks_agent_give_up(upcall, error);
}

/**
 * ks_agent_attach - have a registration hold an agent
 * @agent: the agent
 * @attachment: filled in, with a reference of its own
 *
 * Return: 0; -EBUSY another registration holds it; -EBADF it is dead: its descriptor is closed.
 */
int ks_agent_attach(struct ks_agent *agent, struct ks_attachment *attachment)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&agent->lock, flags);
	if (agent->dead) {
		ret = -EBADF;
	} else if (agent->attachment) {
		ret = -EBUSY;
	} else {
		agent->attachment = ++agent->attachments;
		attachment->agent = ks_agent_get(agent);
		attachment->number = agent->attachment;
	}
	spin_unlock_irqrestore(&agent->lock, flags);
	return ret;
}

/**
 * ks_agent_detach - end a registration's hold
 * @attachment: emptied; its reference is given back
 * @error: what the requesters still waiting are told
 */
void ks_agent_detach(struct ks_attachment *attachment, int error)
{
	struct ks_agent *agent = attachment->agent;
	unsigned long flags;

	if (!agent)
		return;
	spin_lock_irqsave(&agent->lock, flags);
	if (agent->attachment == attachment->number)
		ks_agent_let_go(agent, error);
	spin_unlock_irqrestore(&agent->lock, flags);
	attachment->agent = NULL;
	ks_agent_put(agent);
}

/**
 * ks_agent_is_live - would an upcall reach anybody now?
 * @attachment: a registration's hold
 */
bool ks_agent_is_live(const struct ks_attachment *attachment)
{
	return attachment->agent && READ_ONCE(attachment->agent->attachment) == attachment->number;
}

/**
 * ks_agent_die - the agent has exited, or closed its queue
 * @agent: the agent; any context, so the death can be heard where it happens
 */
void ks_agent_die(struct ks_agent *agent)
{
	unsigned long flags;

	spin_lock_irqsave(&agent->lock, flags);
	if (!agent->dead) {
		agent->dead = true;
		ks_agent_let_go(agent, -ESRCH);
		if (agent->delivery->closed)
			agent->delivery->closed(agent);
	}
	spin_unlock_irqrestore(&agent->lock, flags);
}

/**
 * ks_agent_admit - make an upcall pending, the calling task its waiter
 * @attachment: the hold through which the agent was found
 * @upcall: the upcall
 *
 * Return: 0; what the hold ended with if it is no more, -ESRCH if the agent died; -EAGAIN the
 * agent has enough to do.
 */
int ks_agent_admit(const struct ks_attachment *attachment, struct ks_upcall *upcall)
{
	struct ks_agent *agent = attachment->agent;
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&agent->lock, flags);
	if (agent->attachment != attachment->number) {
		/* Since then there may have been another hold: then this one was exchanged. */
		ret = agent->attachment || !agent->why_let_go ? -ENOKEY : agent->why_let_go;
	} else if (agent->delivery->pending_max && agent->nr_pending >= agent->delivery->pending_max) {
		ret = -EAGAIN;
	} else {
		upcall->waiter = current;
		list_add_tail(&upcall->pending, &agent->pending);
		agent->nr_pending++;
	}
	spin_unlock_irqrestore(&agent->lock, flags);
	return ret;
}

/**
 * ks_agent_abort - nobody is going to answer an upcall; its requester need not wait
 * @upcall: the upcall; nothing happens if it is over already
 * @error: what the requester is told
 */
void ks_agent_abort(struct ks_upcall *upcall, int error)
{
	struct ks_agent *agent = upcall->agent;
	unsigned long flags;

	spin_lock_irqsave(&agent->lock, flags);
	if (!list_empty(&upcall->pending))
		ks_agent_give_up(upcall, error);
	spin_unlock_irqrestore(&agent->lock, flags);
}

/**
 * ks_agent_dismiss - the upcall is over, however it ended; idempotent
 * @upcall: the upcall
 */
void ks_agent_dismiss(struct ks_upcall *upcall)
{
	struct ks_agent *agent = upcall->agent;
	unsigned long flags;

	spin_lock_irqsave(&agent->lock, flags);
	ks_agent_forget(upcall);
	if (upcall->waiter == current)
		upcall->waiter = NULL;
	spin_unlock_irqrestore(&agent->lock, flags);
}
