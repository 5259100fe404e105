/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that depends on the kernel's version. The module is written for
 * 6.1 to 7.2; no other file looks at LINUX_VERSION_CODE.
 */
#ifndef KS_COMPAT_H
#define KS_COMPAT_H

#include <linux/cred.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/proc_ns.h>
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

/* 6.2 gave names to what an architecture keeps of the registers at a function's entry. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static __always_inline unsigned long ks_ftrace_argument(struct ftrace_regs *regs)
{
	return regs_get_kernel_argument(&regs->regs, 0);
}

static __always_inline void ks_ftrace_divert(struct ftrace_regs *regs, unsigned long to)
{
	ftrace_instruction_pointer_set(regs, to);
}
#else
static __always_inline unsigned long ks_ftrace_argument(struct ftrace_regs *regs)
{
	return ftrace_regs_get_argument(regs, 0);
}

static __always_inline void ks_ftrace_divert(struct ftrace_regs *regs, unsigned long to)
{
	ftrace_regs_set_instruction_pointer(regs, to);
}
#endif

/* 6.18 moved the kind of a namespace, a CLONE_NEW flag, out of its operations. */
static inline int ks_ns_type(const struct ns_common *ns)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	return ns->ops->type;
#else
	return ns->ns_type;
#endif
}

#endif
