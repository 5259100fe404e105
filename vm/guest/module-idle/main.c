// SPDX-License-Identifier: GPL-2.0-only
/*
 * A processor that is idle by doing nothing, instruction by instruction, in
 * place of halting. For guests whose clock counts instructions: while such a
 * processor is halted, QEMU moves the clock on in another thread, and by how
 * much depends on how the host lets the two threads run (docs/deterministic.md).
 * One that never halts moves it by itself, always alike.
 */
#include <linux/cpuidle.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/idle.h>

#include "keystorm.h"

/*
 * So many are one block of QEMU's translation, and there is nothing to be done
 * for any of them: a second of idleness takes milliseconds of the host. What
 * wakes the processor waits for the end of a block at most.
 */
#define KSI_BLOCK ".rept 256\n\tnop\n\t.endr"

static notrace int ksi_enter(struct cpuidle_device *device, struct cpuidle_driver *driver, int index)
{
	raw_local_irq_enable();
	if (!current_set_polling_and_test())
		while (!need_resched())
			asm volatile(KSI_BLOCK : : : "memory");
	current_clr_polling();
	raw_local_irq_disable();
	return index;
}

static struct cpuidle_driver ksi_driver = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.states = {
		{
			.enter = ksi_enter,
			.name = "count",
			.desc = "nothing, but counted",
		},
	},
	.state_count = 1,
};

/* Without an end: nobody gives an idle processor back. */
static int __init ksi_init(void)
{
	int ret = ks_symbols_init();

	if (!ret)
		ret = ks_guard();
	return ret ? ret : cpuidle_register(&ksi_driver, NULL);
}

module_init(ksi_init);

MODULE_DESCRIPTION("idleness that counts, for guests whose clock is a count of instructions");
MODULE_AUTHOR("keystorm");
MODULE_LICENSE("GPL");
