// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of kernel symbols that are not exported. A kprobe that lives for
 * one statement gives the address of kallsyms_lookup_name(), which gives the
 * rest.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cpufeature.h>

#include "keystorm.h"

static unsigned long (*ks_kallsyms_lookup_name)(const char *name);

/*
 * Where indirect branches are tracked, a probe sits behind the landing pad that
 * a call by pointer needs: go back to the function's first byte.
 */
static unsigned long ks_function_start(unsigned long address)
{
	char symbol[KSYM_SYMBOL_LEN];
	unsigned long offset = 0;
	char *plus;

	sprint_symbol(symbol, address);
	plus = strchr(symbol, '+');
	if (plus)
		offset = simple_strtoul(plus + 1, NULL, 16);
	return address - offset;
}

/**
 * ks_symbols_init - find what finds symbols
 *
 * Return: 0; -EPERM, said in the kernel log; or the error of register_kprobe() (no
 * kprobes, no such function).
 */
int ks_symbols_init(void)
{
	/*
	 * Never armed: only its address is wanted, and disarming can fail for
	 * want of memory, which would leave a piece of this stack in the
	 * kernel's table of probes (unregister_kprobe() does not say so).
	 */
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name", .flags = KPROBE_FLAG_DISABLED };
	int ret;

	/* Such a processor ends the kernel at the first call of a function whose landing pad was removed at boot. */
	if (IS_ENABLED(CONFIG_X86_KERNEL_IBT) && cpu_feature_enabled(X86_FEATURE_IBT)) {
		pr_err("not loading: only exported functions can be called while indirect branches are tracked; boot with ibt=off\n");
		return -EPERM;
	}
	ret = register_kprobe(&probe);
	if (ret < 0)
		return ret;
	ks_kallsyms_lookup_name = (void *)ks_function_start((unsigned long)probe.addr);
	unregister_kprobe(&probe);
	return 0;
}

/**
 * ks_symbol - address of a kernel symbol, exported or not
 * @name: its name
 *
 * Return: the address, or NULL if the kernel has no such symbol.
 */
void *ks_symbol(const char *name)
{
	return (void *)ks_kallsyms_lookup_name(name);
}
