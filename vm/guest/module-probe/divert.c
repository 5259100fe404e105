// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other one who diverts the function through which upcalls go, as a live patch
 * would: while the parameter "divert" is set, the function is taken, and left as it
 * is. The kernel lets one only have a function.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "keystorm.h"
#include "probe.h"

static const char ksp_function[] = "call_sbin_request_key";
static DEFINE_MUTEX(ksp_divert_lock);
static bool ksp_diverts, ksp_stopped;

static void notrace ksp_leave_as_it_is(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				       struct ftrace_regs *regs)
{
}

static struct ftrace_ops ksp_diverter = {
	.func = ksp_leave_as_it_is,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION,
};

static int ksp_divert(bool wanted)
{
	int ret = 0;

	mutex_lock(&ksp_divert_lock);
	if (wanted && ksp_stopped)
		ret = -ENODEV;
	else if (wanted && !ksp_diverts)
		ret = ks_trace_start(&ksp_diverter, ksp_function);
	else if (!wanted && ksp_diverts)
		ks_trace_stop(&ksp_diverter, ksp_function);
	if (!ret)
		ksp_diverts = wanted;
	mutex_unlock(&ksp_divert_lock);
	return ret;
}

static int ksp_divert_set(const char *text, const struct kernel_param *param)
{
	bool wanted;
	int ret = kstrtobool(text, &wanted);

	/* Not on the command line: the symbols are not known yet. */
	if (!ret && THIS_MODULE->state != MODULE_STATE_LIVE)
		ret = -EBUSY;
	return ret ?: ksp_divert(wanted);
}

static const struct kernel_param_ops ksp_divert_ops = { .set = ksp_divert_set, .get = param_get_bool };

module_param_cb(divert, &ksp_divert_ops, &ksp_diverts, 0600);
MODULE_PARM_DESC(divert, "1: divert the function through which upcalls go, so that nobody else can");

/**
 * ksp_divert_stop - the module goes: the function is anybody's again
 */
void ksp_divert_stop(void)
{
	/* Somebody may still be writing to the parameter, which goes only later. */
	mutex_lock(&ksp_divert_lock);
	ksp_stopped = true;
	mutex_unlock(&ksp_divert_lock);
	ksp_divert(false);
}
