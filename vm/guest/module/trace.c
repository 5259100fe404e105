// SPDX-License-Identifier: GPL-2.0-only
/* Standing at the entry of a kernel function, by means of the function tracer. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/printk.h>

#include "keystorm.h"

static void ks_trace_say_why_not(const struct ftrace_ops *ops, const char *function, int error)
{
	const int *enabled = ks_symbol("ftrace_enabled");

	if (error == -EBUSY && enabled && !*enabled)
		pr_err("cannot trace %s(): the function tracer is off; sysctl kernel.ftrace_enabled=1 switches it on\n", function);
	else if (error == -EBUSY && ops->flags & FTRACE_OPS_FL_IPMODIFY)
		pr_err("cannot divert %s(): another module or a live patch does so already\n", function);
	else
		pr_err("cannot trace %s(): error %d of this kernel's function tracer\n", function, error);
}

/**
 * ks_trace_start - be called when a kernel function is
 * @ops: what is to be called; not registered
 * @function: the function's name
 *
 * May sleep.
 *
 * Return: 0, or a negative errno, said in the kernel log: -ENOENT there is no such
 * function; -EBUSY the tracer is off, or somebody else diverts the function.
 */
int ks_trace_start(struct ftrace_ops *ops, const char *function)
{
	unsigned long address = (unsigned long)ks_symbol(function);
	int ret = -ENOENT;

	if (address)
		ret = ftrace_set_filter_ip(ops, address, 0, 1);
	if (!ret) {
		ret = register_ftrace_function(ops);
		if (ret)
			ftrace_set_filter_ip(ops, address, 1, 0);
	}
	if (ret)
		ks_trace_say_why_not(ops, function, ret);
	return ret;
}

/**
 * ks_trace_stop - be called no more
 * @ops: registered; can be started again
 * @function: the function's name
 *
 * May sleep. Nothing runs in @ops on return. The filter is taken back rather than
 * freed with ftrace_free_filter(), which would leave @ops pointing to it.
 */
void ks_trace_stop(struct ftrace_ops *ops, const char *function)
{
	unregister_ftrace_function(ops);
	ftrace_set_filter_ip(ops, (unsigned long)ks_symbol(function), 1, 0);
}
