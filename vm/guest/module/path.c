// SPDX-License-Identifier: GPL-2.0-only
/*
 * A known number of instructions more in the path of each upcall: a difference on
 * purpose, to try on it who looks for differences. It is switched on by a jump label,
 * so that the path is what it ever was while the parameter is 0.
 */
#include <linux/module.h>
#include <linux/mutex.h>

#include "keystorm.h"

/* With one instruction in a nanosecond, 10 ms. */
#define KS_PATH_INSTRUCTIONS_MAX 10000000

DEFINE_STATIC_KEY_FALSE(ks_path_longer);

/* Number and label change together. */
static DEFINE_MUTEX(ks_path_lock);
static unsigned int ks_path_instructions;

/**
 * ks_path_execute - as many instructions as the parameter says, beside the few of the call itself
 *
 * Rounds of two instructions, and one more where the number is odd.
 */
noinline void ks_path_execute(void)
{
	unsigned int left = READ_ONCE(ks_path_instructions);
	unsigned long rounds = left / 2;

	if (left & 1)
		asm volatile("nop");
	if (rounds)
		asm volatile("1: dec %0\n\t"
			     "jnz 1b"
			     : "+r" (rounds) : : "cc");
}

static int ks_path_set(const char *text, const struct kernel_param *param)
{
	int ret;

	mutex_lock(&ks_path_lock);
	ret = ks_number_set(text, param, 0, KS_PATH_INSTRUCTIONS_MAX);
	if (!ret && ks_path_instructions)
		static_branch_enable(&ks_path_longer);
	else if (!ret)
		static_branch_disable(&ks_path_longer);
	mutex_unlock(&ks_path_lock);
	return ret;
}

static const struct kernel_param_ops ks_path_ops = { .set = ks_path_set, .get = param_get_uint };

module_param_cb(path_instructions, &ks_path_ops, &ks_path_instructions, 0644);
MODULE_PARM_DESC(path_instructions, "executed in vain in each upcall to an agent, 0 to 10000000: a known difference");
