// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which namespaces is a request made? Those of the requester's task and of its
 * own credentials, whatever it has borrowed. But some keys belong to a network
 * namespace, and who asks for one from inside the kernel says to which: then that
 * is the operative one, and the task's is not looked at.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/ipc_namespace.h>
#include <linux/key-type.h>
#include <linux/mnt_namespace.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/printk.h>
#include <linux/sched/task.h>
#include <linux/time_namespace.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>

#include "keystorm.h"
#include "namespaces.h"

/* A mount namespace's structure is private to the kernel. */
static struct ns_common *(*ks_from_mnt_ns)(struct mnt_namespace *mnt_ns);

/**
 * ks_operative_init - find what is needed to look into mount namespaces
 *
 * Return: 0, or -ENOENT, said in the kernel log.
 */
int ks_operative_init(void)
{
	ks_from_mnt_ns = ks_symbol("from_mnt_ns");
	if (ks_from_mnt_ns)
		return 0;
	pr_err("not loading: this kernel has no from_mnt_ns()\n");
	return -ENOENT;
}

/* The tag on the key, where keys of this type bear one for each network namespace; else that of the task's. */
static const struct key_tag *ks_net_tag_of(const struct key *key, const struct nsproxy *proxy)
{
	if (key->type->flags & KEY_TYPE_NET_DOMAIN)
		return key->index_key.domain_tag;
	return proxy ? proxy->net_ns->key_domain : NULL;
}

/**
 * ks_operative_of - the namespaces of the current request
 * @key: the key under construction; the caller keeps it
 * @operative: filled in; valid as long as the task asks for this key
 */
void ks_operative_of(const struct key *key, struct ks_operative *operative)
{
	const struct nsproxy *proxy = current->nsproxy;

	*operative = (struct ks_operative){
		.id[KS_USER] = current_real_cred()->user_ns->ns.inum,
		.id[KS_NET] = (unsigned long)ks_net_tag_of(key, proxy),
	};
	if (!proxy)
		return;
	operative->id[KS_MNT] = ks_from_mnt_ns(proxy->mnt_ns)->inum;
	operative->id[KS_PID] = task_active_pid_ns(current)->ns.inum;
	operative->id[KS_UTS] = proxy->uts_ns->ns.inum;
	operative->id[KS_IPC] = proxy->ipc_ns->ns.inum;
	operative->id[KS_CGROUP] = proxy->cgroup_ns->ns.inum;
}

/**
 * ks_operative_is_inits - are they all the initial ones?
 * @operative: the namespaces of the current request
 *
 * Beside the kinds that a filter may name these are the namespaces of time, and
 * of pids for children.
 */
bool ks_operative_is_inits(const struct ks_operative *operative)
{
	const struct nsproxy *init = init_task.nsproxy;
	const struct nsproxy *ours = current->nsproxy;

	return ours && operative->id[KS_NET] == (unsigned long)init_net.key_domain &&
	       current_real_cred()->user_ns == &init_user_ns && task_active_pid_ns(current) == &init_pid_ns &&
	       ours->pid_ns_for_children == &init_pid_ns && ours->uts_ns == init->uts_ns &&
	       ours->ipc_ns == init->ipc_ns && ours->mnt_ns == init->mnt_ns && ours->cgroup_ns == init->cgroup_ns &&
	       ours->time_ns == init->time_ns;
}
