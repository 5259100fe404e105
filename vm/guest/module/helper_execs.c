// SPDX-License-Identifier: GPL-2.0-only
/* Counts every exec() of /sbin/request-key, whoever caused it, in every mode. */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/user_namespace.h>

#include "keystorm.h"

static struct tracepoint *ks_sched_process_exec;

static void ks_helper_exec(void *data, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	if (strcmp(bprm->filename, "/sbin/request-key"))
		return;
	ks_count(KS_HELPER_EXECS);
	if (current_user_ns() == &init_user_ns)
		ks_count(KS_HELPER_EXECS_INIT);
}

static void ks_helper_execs_find(struct tracepoint *tracepoint, void *data)
{
	if (!strcmp(tracepoint->name, "sched_process_exec"))
		ks_sched_process_exec = tracepoint;
}

/**
 * ks_helper_execs_start - begin to count
 *
 * Return: 0; -ENOENT the kernel has no such tracepoint; or the error of registering.
 */
int ks_helper_execs_start(void)
{
	for_each_kernel_tracepoint(ks_helper_execs_find, NULL);
	if (!ks_sched_process_exec)
		return -ENOENT;
	return tracepoint_probe_register(ks_sched_process_exec, ks_helper_exec, NULL);
}

/**
 * ks_helper_execs_stop - count no more; no probe runs on return
 */
void ks_helper_execs_stop(void)
{
	tracepoint_probe_unregister(ks_sched_process_exec, ks_helper_exec, NULL);
	tracepoint_synchronize_unregister();
}
