// SPDX-License-Identifier: GPL-2.0-only
/*
 * A registration names namespaces and must not keep them: a namespace that is
 * kept keeps its mounts, its network devices, its owner. So it is remembered by
 * its inode number, which all kinds of namespaces draw from one pool, and which
 * goes back to that pool when the namespace ends.
 *
 * Why a number that is used again is never taken for the namespace that had it:
 * every namespace gives its number back through proc_free_inum(). We divert that
 * function to hear of it, and set @ended before the kernel gives the number to
 * the pool. Another namespace gets the number from the pool, hence later, and
 * a requester is inside that namespace later still. The pool's own lock orders
 * these for all processors: a requester that has the number can only see @ended.
 * In the other direction, whoever remembers a namespace holds a reference to it
 * at that moment, so its end has not been heard yet and will be.
 *
 * Hence the trace of that function must not be lost: it is registered as
 * permanent, so that the kernel refuses to switch tracing off (and we to load
 * where it is off).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/ftrace.h>
#include <linux/hashtable.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "keystorm.h"
#include "namespaces.h"
#include "registration.h"

/* Those that have not ended, by number. */
static DEFINE_HASHTABLE(ks_namespaces, 10);
static DEFINE_SPINLOCK(ks_namespaces_lock);

/* Caller holds ks_namespaces_lock. */
static struct ks_namespace *ks_namespace_find(unsigned int inum)
{
	struct ks_namespace *known;

	hash_for_each_possible(ks_namespaces, known, found, inum)
		if (known->inum == inum)
			return known;
	return NULL;
}

/* Whoever frees a namespace; preemption is off, and nothing here is traced by us again. */
static void notrace ks_namespace_ends(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
	struct ks_namespace *known;
	unsigned long flags;

	spin_lock_irqsave(&ks_namespaces_lock, flags);
	known = ks_namespace_find(ks_ftrace_argument(fregs));
	if (known) {
		WRITE_ONCE(known->ended, true);
		hash_del(&known->found);
	}
	spin_unlock_irqrestore(&ks_namespaces_lock, flags);
	if (known)
		ks_registrations_sweep();
}

static const char ks_traced_function[] = "proc_free_inum";
static struct ftrace_ops ks_namespaces_trace = {
	.func = ks_namespace_ends,
	.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT,
};

/**
 * ks_namespaces_start - begin to hear of namespaces that end
 *
 * Return: 0, or the errno of tracing, said in the kernel log.
 */
int ks_namespaces_start(void)
{
	return ks_trace_start(&ks_namespaces_trace, ks_traced_function);
}

/**
 * ks_namespaces_stop - hear no more; nothing is remembered any longer
 */
void ks_namespaces_stop(void)
{
	ks_trace_stop(&ks_namespaces_trace, ks_traced_function);
}

/**
 * ks_namespace_remember - remember a namespace
 * @ns: the caller keeps it from ending; may sleep
 *
 * Return: the same for the same namespace, with a reference; NULL: no memory.
 */
struct ks_namespace *ks_namespace_remember(struct ns_common *ns)
{
	struct ks_namespace *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT), *known;
	unsigned long flags;

	if (!fresh)
		return NULL;
	refcount_set(&fresh->refs, 1);
	fresh->inum = ns->inum;
	if (ks_ns_type(ns) == CLONE_NEWNET)
		fresh->id = (unsigned long)container_of(ns, struct net, ns)->key_domain;
	else
		fresh->id = ns->inum;

	spin_lock_irqsave(&ks_namespaces_lock, flags);
	known = ks_namespace_find(ns->inum);
	if (known)
		refcount_inc(&known->refs);
	else
		hash_add(ks_namespaces, &fresh->found, fresh->inum);
	spin_unlock_irqrestore(&ks_namespaces_lock, flags);

	if (!known)
		return fresh;
	kfree(fresh);
	return known;
}

/**
 * ks_namespace_get - another reference
 * @known: the caller has one already
 *
 * Return: @known.
 */
struct ks_namespace *ks_namespace_get(struct ks_namespace *known)
{
	refcount_inc(&known->refs);
	return known;
}

/**
 * ks_namespace_put - give a reference back; any context
 * @known: may be NULL
 */
void ks_namespace_put(struct ks_namespace *known)
{
	unsigned long flags;

	if (!known || !refcount_dec_and_lock_irqsave(&known->refs, &ks_namespaces_lock, &flags))
		return;
	hash_del(&known->found);
	spin_unlock_irqrestore(&ks_namespaces_lock, flags);
	kfree_rcu(known, rcu);
}
