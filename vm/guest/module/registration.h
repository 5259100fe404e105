/* SPDX-License-Identifier: GPL-2.0-only */
/* Registrations: what all have in common, and those made by ioctl. */
#ifndef KS_REGISTRATION_H
#define KS_REGISTRATION_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "keystorm.h"
#include "keystorm_uapi.h"
#include "namespaces.h"

struct request_key_auth;
struct seq_file;

/* ---- service.c: what all have in common ---------------------------------- */

/**
 * struct ks_service - who serves
 * @lock: of what follows
 * @attachment: the agent; NULL when the registration is withdrawn
 * @first: who registered; the most that a re-attachment may claim
 * @registrar: who attached the present agent
 *
 * Embedded in what a route finds, whose memory stays for readers under RCU.
 */
struct ks_service {
	spinlock_t lock;
	struct ks_attachment attachment;
	struct ks_identity first;
	struct ks_identity registrar;
};

int ks_service_init(struct ks_service *service, struct ks_agent *agent);
int ks_service_offer(struct ks_service *service, const struct request_key_auth *rka, struct ks_attachment *attachment);
int ks_service_reattach(struct ks_service *service, struct ks_service *fresh);
void ks_service_withdraw(struct ks_service *service, int error);
void ks_service_release(struct ks_service *service);
void ks_service_describe(struct ks_service *service, struct seq_file *seq);

/* ---- registration_key.c: keyagent keys ------------------------------------ */

struct ks_service *ks_service_of_key(const struct key *key);
bool ks_key_type_is_well_formed(const char *name);
bool ks_key_type_may_be_served(const char *name);

/* ---- registration_table.c: those made by ioctl ----------------------------- */

/**
 * struct ks_filter - for whom a registration is
 * @route: KS_ROUTE_USERNS or KS_ROUTE_INTERCEPT
 * @key_type: "" is any
 * @nr: how many namespaces it names
 * @kinds: a bit for each kind it names, the first kind's the highest
 * @named: the namespaces it names, by kind; else NULL. A reference to each
 */
struct ks_filter {
	u32 route;
	char key_type[KS_KEY_TYPE_NAME_MAX];
	unsigned int nr;
	unsigned int kinds;
	struct ks_namespace *named[KS_NR_KINDS];
};

/**
 * struct ks_entry - a registration made by ioctl
 * @all: in the list of all [ks_table_lock]
 * @found: where its route finds it [ks_table_lock; RCU]
 * @filter: for whom; never changes
 * @below: the child of the initial user namespace from whose bound it is taken;
 *	NULL: the registrar was in the initial one. A reference
 * @payer: the user from whose bound it is taken: who made @below, or the registrar
 * @service: who serves
 * @rcu: routes read it under RCU
 */
struct ks_entry {
	struct list_head all;
	struct hlist_node found;
	struct ks_filter filter;
	struct ks_namespace *below;
	kuid_t payer;
	struct ks_service service;
	struct rcu_head rcu;
};

struct hlist_head *ks_userns_entries(unsigned int inum);
struct hlist_head *ks_intercept_entries(unsigned long id);
bool ks_filter_precedes(const struct ks_filter *a, const struct ks_filter *b);

struct ks_entry *ks_entry_new(const struct ks_filter *filter, struct ks_agent *agent);
void ks_entry_free(struct ks_entry *entry);
int ks_table_add(struct ks_entry *entry);
int ks_table_reattach(struct ks_entry *fresh);
int ks_table_withdraw(const struct ks_filter *filter);
void ks_registrations_sweep(void);
void ks_registrations_stop(void);
void ks_registrations_settle(void);

/* ---- registration_ioctl.c -------------------------------------------------- */

int ks_registration_ioctl_init(void);
long ks_registration_ioctl(unsigned int command, const struct ks_registration __user *argument);

#endif
