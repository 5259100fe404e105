// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registrations made by ioctl. Requests read the table under RCU and take no
 * lock but that of the registration they are offered; changes are rare and go one
 * after the other.
 */
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>

#include "registration.h"

#define KS_BUCKET_BITS 8

/* Changes of the table; nothing but a change waits for it. */
static DEFINE_MUTEX(ks_table_lock);
static LIST_HEAD(ks_all);
static unsigned int ks_nr_all;

/* Route userns: by the number of the user namespace. */
static struct hlist_head ks_userns[1 << KS_BUCKET_BITS];

/* Route intercept: by the first namespace a filter names, and those that name none. */
static struct hlist_head ks_intercepts[1 << KS_BUCKET_BITS];
static struct hlist_head ks_intercepts_of_all;

/**
 * ks_userns_entries - where the registrations for a user namespace are
 * @inum: the namespace's number
 *
 * Return: a list, read under RCU, of these and others.
 */
struct hlist_head *ks_userns_entries(unsigned int inum)
{
	return &ks_userns[hash_32(inum, KS_BUCKET_BITS)];
}

/**
 * ks_intercept_entries - where the filters are that name a namespace first
 * @id: the namespace's; 0: those that name none
 *
 * Return: a list, read under RCU, of these and others.
 */
struct hlist_head *ks_intercept_entries(unsigned long id)
{
	return id ? &ks_intercepts[hash_long(id, KS_BUCKET_BITS)] : &ks_intercepts_of_all;
}

/* Where a registration is found by its route. */
static struct hlist_head *ks_filter_entries(const struct ks_filter *filter)
{
	int kind;

	if (filter->route == KS_ROUTE_USERNS)
		return ks_userns_entries(filter->named[KS_USER]->inum);
	for (kind = 0; kind < KS_NR_KINDS; kind++)
		if (filter->named[kind])
			return ks_intercept_entries(filter->named[kind]->id);
	return ks_intercept_entries(0);
}

static bool ks_filter_equals(const struct ks_filter *a, const struct ks_filter *b)
{
	return a->route == b->route && !strcmp(a->key_type, b->key_type) && !memcmp(a->named, b->named, sizeof(a->named));
}

/**
 * ks_filter_precedes - is one filter more selective than another?
 * @a: the one
 * @b: the other
 *
 * Of two that match the same request and differ, one is: if they name as many
 * namespaces and the same kinds, they name the same namespaces.
 */
bool ks_filter_precedes(const struct ks_filter *a, const struct ks_filter *b)
{
	if (a->nr != b->nr)
		return a->nr > b->nr;
	if (!a->key_type[0] != !b->key_type[0])
		return a->key_type[0];
	return a->kinds > b->kinds;
}

static bool ks_filter_has_ended(const struct ks_filter *filter)
{
	int kind;

	for (kind = 0; kind < KS_NR_KINDS; kind++)
		if (filter->named[kind] && ks_namespace_has_ended(filter->named[kind]))
			return true;
	return false;
}

/* Caller holds ks_table_lock. */
static struct ks_entry *ks_table_find(const struct ks_filter *filter)
{
	struct ks_entry *entry;

	list_for_each_entry(entry, &ks_all, all)
		if (ks_filter_equals(&entry->filter, filter))
			return entry;
	return NULL;
}

/*
 * An ordinary user may make as many user namespaces as there is room for, and
 * register for each from outside: so there is a bound for the user as well.
 * Root of the host may fill the table. Caller holds ks_table_lock.
 */
static bool ks_table_has_room_for(const struct ks_entry *fresh)
{
	unsigned int nr_below = 0, nr_paid = 0;
	const struct ks_entry *entry;

	if (ks_nr_all >= KS_REGISTRATIONS_MAX)
		return false;
	list_for_each_entry(entry, &ks_all, all) {
		nr_below += entry->below == fresh->below;
		nr_paid += uid_eq(entry->payer, fresh->payer);
	}
	return (!fresh->below || nr_below < KS_REGISTRATIONS_BELOW) &&
	       (uid_eq(fresh->payer, GLOBAL_ROOT_UID) || nr_paid < KS_REGISTRATIONS_OF_USER);
}

/* Caller holds ks_table_lock. */
static void ks_table_remove(struct ks_entry *entry)
{
	list_del(&entry->all);
	hlist_del_rcu(&entry->found);
	ks_nr_all--;
	ks_uncount(KS_REGISTRATIONS);
	ks_entry_free(entry);
}

/* The ancestor, or self, of the current task's user namespace that is a child of the initial one. */
static struct user_namespace *ks_below_init(void)
{
	struct user_namespace *ns = current_user_ns();

	while (ns->parent && ns->parent != &init_user_ns)
		ns = ns->parent;
	return ns->parent ? ns : NULL;
}

static int ks_entry_init(struct ks_entry *entry, const struct ks_filter *filter, struct ks_agent *agent)
{
	struct user_namespace *below = ks_below_init();
	int kind;

	entry->filter = *filter;
	for (kind = 0; kind < KS_NR_KINDS; kind++)
		if (filter->named[kind])
			ks_namespace_get(filter->named[kind]);
	entry->payer = below ? below->owner : current_euid();
	if (below) {
		entry->below = ks_namespace_remember(&below->ns);
		if (!entry->below)
			return -ENOMEM;
	}
	return ks_service_init(&entry->service, agent);
}

/**
 * ks_entry_new - a registration by the current task, in no table
 * @filter: for whom; copied
 * @agent: who is to serve; the caller has a reference
 *
 * Return: the registration; -ENOMEM; what ks_service_init() says.
 */
struct ks_entry *ks_entry_new(const struct ks_filter *filter, struct ks_agent *agent)
{
	struct ks_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!entry)
		return ERR_PTR(-ENOMEM);
	ret = ks_entry_init(entry, filter, agent);
	if (!ret)
		return entry;
	ks_entry_free(entry);
	return ERR_PTR(ret);
}

/**
 * ks_entry_free - give a registration back, and its agent
 * @entry: in no table; a request may still be looking at it
 */
void ks_entry_free(struct ks_entry *entry)
{
	int kind;

	ks_service_release(&entry->service);
	for (kind = 0; kind < KS_NR_KINDS; kind++)
		ks_namespace_put(entry->filter.named[kind]);
	ks_namespace_put(entry->below);
	kfree_rcu(entry, rcu);
}

/**
 * ks_table_add - a new registration
 * @entry: the caller keeps the namespaces it names from ending; the table's on 0
 *
 * Return: 0; -EEXIST there is an equal one; -ENOSPC there are too many.
 */
int ks_table_add(struct ks_entry *entry)
{
	int ret = 0;

	mutex_lock(&ks_table_lock);
	if (ks_table_find(&entry->filter)) {
		ret = -EEXIST;
	} else if (!ks_table_has_room_for(entry)) {
		ret = -ENOSPC;
	} else {
		list_add(&entry->all, &ks_all);
		ks_nr_all++;
		ks_count(KS_REGISTRATIONS);
		hlist_add_head_rcu(&entry->found, ks_filter_entries(&entry->filter));
	}
	mutex_unlock(&ks_table_lock);
	return ret;
}

/**
 * ks_table_reattach - exchange the agent of a registration
 * @fresh: an equal one, with the new agent; gets the old agent, stays the caller's
 *
 * Return: 0; -ENOENT there is none; -EACCES it is somebody else's.
 */
int ks_table_reattach(struct ks_entry *fresh)
{
	struct ks_entry *entry;
	int ret = -ENOENT;

	mutex_lock(&ks_table_lock);
	entry = ks_table_find(&fresh->filter);
	if (entry)
		ret = ks_service_reattach(&entry->service, &fresh->service);
	mutex_unlock(&ks_table_lock);
	return ret;
}

/**
 * ks_table_withdraw - withdraw a registration
 * @filter: for whom it is
 *
 * Return: 0; -ENOMEM; -ENOENT there is none; -EACCES it is somebody else's.
 */
int ks_table_withdraw(const struct ks_filter *filter)
{
	struct ks_identity caller;
	struct ks_entry *entry;
	int ret = ks_identity_of_current(&caller);

	if (ret)
		return ret;
	mutex_lock(&ks_table_lock);
	entry = ks_table_find(filter);
	if (!entry)
		ret = -ENOENT;
	else if (!ks_may_reattach(&entry->service.first, &caller))
		ret = -EACCES;
	else
		ks_table_remove(entry);
	mutex_unlock(&ks_table_lock);
	ks_namespace_put(caller.user_ns);
	return ret;
}

static void ks_table_sweep(struct work_struct *work)
{
	struct ks_entry *entry, *next;

	mutex_lock(&ks_table_lock);
	list_for_each_entry_safe(entry, next, &ks_all, all) {
		if (!ks_filter_has_ended(&entry->filter))
			continue;
		ks_count(KS_NAMESPACE_ENDS);
		ks_table_remove(entry);
	}
	mutex_unlock(&ks_table_lock);
}

static DECLARE_WORK(ks_table_sweeping, ks_table_sweep);

/**
 * ks_registrations_sweep - a namespace has ended: soon withdraw what names it
 *
 * Any context. No request finds these in the meantime: none is in a namespace that
 * has ended, see ks_namespace_is().
 */
void ks_registrations_sweep(void)
{
	schedule_work(&ks_table_sweeping);
}

/**
 * ks_registrations_stop - withdraw them all; nobody registers, nobody asks any more
 */
void ks_registrations_stop(void)
{
	struct ks_entry *entry, *next;

	mutex_lock(&ks_table_lock);
	list_for_each_entry_safe(entry, next, &ks_all, all)
		ks_table_remove(entry);
	mutex_unlock(&ks_table_lock);
}

/**
 * ks_registrations_settle - no sweep is under way, and none will be
 *
 * Namespaces are not heard any more.
 */
void ks_registrations_settle(void)
{
	cancel_work_sync(&ks_table_sweeping);
}
