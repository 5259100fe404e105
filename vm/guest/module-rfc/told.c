// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests that an agent was told of and nobody has answered. The RFC forgets
 * them, and so do we, until the module goes: a task that waits for a key in
 * request_key(2) holds the kernel's list of key types, which the module must change
 * to go. So unloading would hang, and with it every other use of keys, until the
 * last of those tasks is killed. Unloading lets them go instead, with ENOKEY.
 */
#include <linux/key.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "rfc.h"

/* Requests remembered. Far more than wait at once in any scenario; then EAGAIN. */
#define RFC_TOLD_MAX 4096

/**
 * struct rfc_told - one of them
 * @entry: in rfc_told_list
 * @key: under construction; a reference
 * @authkey: its authorisation key; a reference
 */
struct rfc_told {
	struct list_head entry;
	struct key *key;
	struct key *authkey;
};

static DEFINE_SPINLOCK(rfc_told_lock);
static LIST_HEAD(rfc_told_list);
static unsigned int rfc_nr_told;

/* The reference of ours, and that of the authorisation key: nobody waits, and nobody can find it. */
#define RFC_UNWANTED_REFS 2

static bool rfc_is_over(const struct rfc_told *told)
{
	return !test_bit(KEY_FLAG_USER_CONSTRUCT, &told->key->flags) ||
	       refcount_read(&told->key->usage) <= RFC_UNWANTED_REFS;
}

static void rfc_told_free(struct rfc_told *told)
{
	key_put(told->authkey);
	key_put(told->key);
	kfree(told);
}

/* Those that are over leave. */
static void rfc_told_prune(void)
{
	struct rfc_told *told, *next;
	LIST_HEAD(over);

	spin_lock(&rfc_told_lock);
	list_for_each_entry_safe(told, next, &rfc_told_list, entry) {
		if (!rfc_is_over(told))
			continue;
		list_move(&told->entry, &over);
		rfc_nr_told--;
	}
	spin_unlock(&rfc_told_lock);
	list_for_each_entry_safe(told, next, &over, entry)
		rfc_told_free(told);
}

/**
 * rfc_told_add - an agent is about to be told of a request
 * @key: under construction
 * @authkey: its authorisation key
 *
 * Return: 0; -ENOMEM; -EAGAIN there are too many.
 */
int rfc_told_add(struct key *key, struct key *authkey)
{
	struct rfc_told *told = kmalloc(sizeof(*told), GFP_KERNEL);
	int ret = 0;

	if (!told)
		return -ENOMEM;
	told->key = key_get(key);
	told->authkey = key_get(authkey);
	rfc_told_prune();
	spin_lock(&rfc_told_lock);
	if (rfc_nr_told < RFC_TOLD_MAX) {
		list_add_tail(&told->entry, &rfc_told_list);
		rfc_nr_told++;
	} else {
		ret = -EAGAIN;
	}
	spin_unlock(&rfc_told_lock);
	if (ret)
		rfc_told_free(told);
	return ret;
}

/**
 * rfc_told_end - whoever still waits gets ENOKEY; nobody adds any more
 */
void rfc_told_end(void)
{
	struct rfc_told *told, *next;

	list_for_each_entry_safe(told, next, &rfc_told_list, entry) {
		key_reject_and_link(told->key, 0, ENOKEY, NULL, told->authkey);
		rfc_told_free(told);
	}
	INIT_LIST_HEAD(&rfc_told_list);
	rfc_nr_told = 0;
}
