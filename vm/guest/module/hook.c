// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where upcalls enter. Every key type without an actor of its own has its requests
 * go through one function of the kernel, call_sbin_request_key(): it is diverted at
 * its entry, while the mode is not off. A key type that is registered later, or
 * that no module may name, comes this way too.
 *
 * A call from this module itself is let through: that is the fallback, the
 * kernel's own path.
 */
#include <linux/ftrace.h>
#include <linux/module.h>

#include "compat.h"
#include "keystorm.h"

static void notrace ks_divert(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	if (!within_module(parent_ip, THIS_MODULE))
		ks_ftrace_divert(regs, (unsigned long)ks_actor);
}

/* Permanent: else switching the tracer off would silently send requests to the helper. */
static struct ftrace_ops ks_hook = {
	.func = ks_divert,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT,
};
static const char ks_hooked_function[] = "call_sbin_request_key";
static bool ks_hooked;

/**
 * ks_hook_set - have requests go to ks_actor(), or no longer
 * @wanted: whether they shall
 *
 * Caller serialises; may sleep. A task may be on its way into the actor when this
 * returns; see ks_actor_drain().
 *
 * Return: 0; what ks_trace_start() says: nothing is changed then.
 */
int ks_hook_set(bool wanted)
{
	int ret = 0;

	if (wanted == ks_hooked)
		return 0;
	if (wanted)
		ret = ks_trace_start(&ks_hook, ks_hooked_function);
	else
		ks_trace_stop(&ks_hook, ks_hooked_function);
	if (!ret)
		ks_hooked = wanted;
	return ret;
}
