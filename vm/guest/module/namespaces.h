/* SPDX-License-Identifier: GPL-2.0-only */
/* Namespaces that are remembered without being kept, and those that a request is made in. */
#ifndef KS_NAMESPACES_H
#define KS_NAMESPACES_H

#include <linux/list.h>
#include <linux/ns_common.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

struct key;

/* The kinds a filter may name; of two filters that name as many, the earlier kind is the more selective. */
enum ks_kind { KS_USER, KS_NET, KS_MNT, KS_PID, KS_UTS, KS_IPC, KS_CGROUP, KS_NR_KINDS };

/**
 * struct ks_namespace - a namespace that is remembered, not kept
 * @refs: of those who remember it
 * @inum: its inode number, which no other namespace has until it ends
 * @ended: it does not exist any more; set before its number can be another's
 * @id: what a request knows it by: the address of the tag on keys of a network
 *	namespace, for other kinds @inum
 * @found: in the table of those that have not ended [ks_namespaces_lock]
 * @rcu: whoever reads a registration under RCU may still look at it
 */
struct ks_namespace {
	refcount_t refs;
	unsigned int inum;
	bool ended;
	unsigned long id;
	struct hlist_node found;
	struct rcu_head rcu;
};

int ks_namespaces_start(void);
void ks_namespaces_stop(void);
struct ks_namespace *ks_namespace_remember(struct ns_common *ns);
struct ks_namespace *ks_namespace_get(struct ks_namespace *known);
void ks_namespace_put(struct ks_namespace *known);

/**
 * ks_namespace_has_ended - is it gone for ever?
 * @known: a namespace that is remembered
 */
static inline bool ks_namespace_has_ended(const struct ks_namespace *known)
{
	return READ_ONCE(known->ended);
}

/**
 * ks_namespace_is - is a living namespace the one that is remembered?
 * @known: a namespace that is remembered
 * @ns: a namespace that the caller keeps from ending
 */
static inline bool ks_namespace_is(const struct ks_namespace *known, const struct ns_common *ns)
{
	return known->inum == ns->inum && !ks_namespace_has_ended(known);
}

/**
 * struct ks_operative - the namespaces a request is made in
 * @id: of each kind; 0 for those a task that is exiting has left
 */
struct ks_operative {
	unsigned long id[KS_NR_KINDS];
};

int ks_operative_init(void);
void ks_operative_of(const struct key *key, struct ks_operative *operative);
bool ks_operative_is_inits(const struct ks_operative *operative);

/**
 * ks_operative_is - is one of them a namespace that is remembered?
 * @operative: the namespaces of the current request
 * @kind: which of them
 * @known: a namespace of that kind
 */
static inline bool ks_operative_is(const struct ks_operative *operative, enum ks_kind kind,
				   const struct ks_namespace *known)
{
	return operative->id[kind] == known->id && !ks_namespace_has_ended(known);
}

#endif
