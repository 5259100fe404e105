// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breaks the kernel on purpose, for who tries whether that is noticed: write the name
 * of a fault to the parameter "fault".
 */
#include <linux/compiler.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "probe.h"

struct ksp_fault {
	const char *name;
	void (*commit)(void);
};

/* The writer dies; the kernel goes on. */
static noinline void ksp_oops(void)
{
	volatile int *nowhere = (volatile int *)sizeof(int);

	OPTIMIZER_HIDE_VAR(nowhere);
	*nowhere = 0;
}

static void ksp_spin(void *unused)
{
	for (;;)
		cpu_relax();
}

/* On every processor, with interrupts off: nothing is ever heard again. */
static void ksp_silent_hang(void)
{
	on_each_cpu(ksp_spin, NULL, 0);
}

/* On this one, with interrupts on: the kernel's watchdog can complain of it. */
static void ksp_lockup(void)
{
	preempt_disable();
	ksp_spin(NULL);
}

static const struct ksp_fault ksp_faults[] = {
	{ "oops", ksp_oops },
	{ "silent-hang", ksp_silent_hang },
	{ "lockup", ksp_lockup },
};

static int ksp_fault_set(const char *text, const struct kernel_param *param)
{
	/* On the command line it would come before the guard. */
	if (THIS_MODULE->state != MODULE_STATE_LIVE)
		return -EBUSY;
	for (size_t i = 0; i < ARRAY_SIZE(ksp_faults); i++)
		if (sysfs_streq(text, ksp_faults[i].name)) {
			ksp_faults[i].commit();
			return 0;
		}
	return -EINVAL;
}

static const struct kernel_param_ops ksp_fault_ops = { .set = ksp_fault_set };

module_param_cb(fault, &ksp_fault_ops, NULL, 0200);
MODULE_PARM_DESC(fault, "oops, silent-hang or lockup: breaks the kernel in that way at once");
