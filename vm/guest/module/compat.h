/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that depends on the kernel's version. The module is written for
 * 6.1 to 7.2; no other file looks at LINUX_VERSION_CODE.
 */
#ifndef KS_COMPAT_H
#define KS_COMPAT_H

#include <linux/cred.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/version.h>

/*
 * 6.13 stopped counting references in override_creds() and revert_creds(). Both
 * kinds are right for a caller that holds a reference of its own for as long
 * as the override lasts, and gives back nothing it did not take.
 */
static inline const struct cred *ks_override_creds(const struct cred *cred)
{
	return override_creds(cred);
}

static inline void ks_revert_creds(const struct cred *old)
{
	revert_creds(old);
}

/*
 * thread_group_exited() left in 6.9. What it asked is asked here: does the last
 * thread of the process behind @pid no longer run? Caller holds rcu_read_lock().
 */
static inline bool ks_process_exited(struct pid *pid)
{
	struct task_struct *leader = pid_task(pid, PIDTYPE_PID);

	return !leader || (READ_ONCE(leader->exit_state) && thread_group_empty(leader));
}

#endif
