// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a request that no agent may answer. */
#include <linux/cred.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include "keystorm.h"

/* Is the requester in every one of the init namespaces? */
static bool ks_requester_is_inits(void)
{
	const struct nsproxy *init = init_task.nsproxy;
	const struct nsproxy *ours = current->nsproxy;

	return ours && current_real_cred()->user_ns == &init_user_ns &&
	       task_active_pid_ns(current) == &init_pid_ns &&
	       ours->pid_ns_for_children == &init_pid_ns &&
	       ours->uts_ns == init->uts_ns && ours->ipc_ns == init->ipc_ns &&
	       ours->mnt_ns == init->mnt_ns && ours->net_ns == init->net_ns &&
	       ours->cgroup_ns == init->cgroup_ns && ours->time_ns == init->time_ns;
}

/**
 * ks_fallback - a request without an eligible agent
 * @authkey: its authorisation key; completed on return
 * @aux: the requester's
 *
 * Return: as an actor does.
 */
int ks_fallback(struct key *authkey, void *aux)
{
	if (ks_fallback_policy() == KS_FALLBACK_TO_REFUSE && !ks_requester_is_inits()) {
		ks_count(KS_FALLBACK_REFUSED);
		ks_refuse(authkey, -ENOKEY);
		return 0;
	}
	ks_count(KS_FALLBACK_STOCK);
	return ks_legacy_call(authkey, aux);
}
