// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on purpose, one of each kind that a sanitizer is there to find: a
 * sanitizer that is off says nothing, and so does a clean module. Write the
 * name of a fault to /sys/kernel/debug/ks_sanitizer_probe; reports are in the
 * kernel log, the leak is in /sys/kernel/debug/kmemleak.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#include "keystorm.h"

struct ks_fault {
	const char *name;
	int (*commit)(void);
};

/* Sizes and indices that the compiler must not know beforehand. */
static volatile unsigned int ks_size = 32;

/* ---- KASAN --------------------------------------------------------------- */
static int ks_read_out_of_bounds(void)
{
	char *memory = kmalloc(ks_size, GFP_KERNEL);
	volatile char *past;

	if (!memory)
		return -ENOMEM;
	past = memory + ks_size;
	OPTIMIZER_HIDE_VAR(past);
	(void)*past;
	kfree(memory);
	return 0;
}

static int ks_use_after_free(void)
{
	char *memory = kmalloc(ks_size, GFP_KERNEL);
	volatile char *gone = memory;

	if (!memory)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(gone);
	kfree(memory);
	(void)*gone;
	return 0;
}

/* ---- PROVE_LOCKING ------------------------------------------------------- */
static DEFINE_MUTEX(ks_first);
static DEFINE_MUTEX(ks_second);
static DEFINE_SPINLOCK(ks_spinlock);

static int ks_lock_inversion(void)
{
	mutex_lock(&ks_first);
	mutex_lock(&ks_second);
	mutex_unlock(&ks_second);
	mutex_unlock(&ks_first);
	mutex_lock(&ks_second);
	mutex_lock(&ks_first);
	mutex_unlock(&ks_first);
	mutex_unlock(&ks_second);
	return 0;
}

static int ks_unprotected_rcu(void)
{
	static int value;
	static int __rcu *pointer = (int __rcu *)&value;

	return *rcu_dereference(pointer);
}

/* ---- DEBUG_ATOMIC_SLEEP -------------------------------------------------- */
static int ks_sleep_while_atomic(void)
{
	spin_lock(&ks_spinlock);
	might_sleep();
	spin_unlock(&ks_spinlock);
	return 0;
}

/* ---- DEBUG_KMEMLEAK ------------------------------------------------------ */
static int ks_leak(void)
{
	char *lost = kmalloc(ks_size, GFP_KERNEL);

	if (!lost)
		return -ENOMEM;
	strscpy(lost, "ks-leak", ks_size);
	return 0;
}

/* ---- REFCOUNT, DEBUG_LIST, DEBUG_OBJECTS, UBSAN -------------------------- */
static int ks_refcount_underflow(void)
{
	refcount_t count = REFCOUNT_INIT(0);

	if (refcount_dec_and_test(&count))
		return 0;
	return 0;
}

static int ks_list_corruption(void)
{
	LIST_HEAD(head);
	struct list_head first;

	list_add(&first, &head);
	first.next = &first;
	list_del(&first);
	return 0;
}

static void ks_never(struct timer_list *timer)
{
}

static int ks_free_active_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return -ENOMEM;
	timer_setup(timer, ks_never, 0);
	mod_timer(timer, jiffies + 600 * HZ);
	/* DEBUG_OBJECTS reports it, and repairs it: the timer is deleted. */
	kfree(timer);
	return 0;
}

static int ks_shift_too_far(void)
{
	volatile int one = 1;

	return (one << ks_size) & 0;
}

/* ---- FAILSLAB ------------------------------------------------------------ */
/* ENOMEM when an allocation of the caller's is to fail. */
static int ks_allocate(void)
{
	char *memory = kmalloc(ks_size, GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	kfree(memory);
	return 0;
}

static const struct ks_fault ks_faults[] = {
	{ "unprotected-rcu", ks_unprotected_rcu },
	{ "sleep-while-atomic", ks_sleep_while_atomic },
	{ "lock-inversion", ks_lock_inversion },
	{ "read-out-of-bounds", ks_read_out_of_bounds },
	{ "use-after-free", ks_use_after_free },
	{ "leak", ks_leak },
	{ "refcount-underflow", ks_refcount_underflow },
	{ "list-corruption", ks_list_corruption },
	{ "free-active-timer", ks_free_active_timer },
	{ "shift-too-far", ks_shift_too_far },
	{ "allocate", ks_allocate },
};

static ssize_t ks_write(struct file *file, const char __user *buffer, size_t count, loff_t *offset)
{
	char name[32] = "";
	unsigned int i;
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buffer, count))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(ks_faults); i++) {
		if (strcmp(strim(name), ks_faults[i].name))
			continue;
		ret = ks_faults[i].commit();
		return ret ? ret : count;
	}
	return -ENOENT;
}

static const struct file_operations ks_file = {
	.owner = THIS_MODULE,
	.write = ks_write,
};

static struct dentry *ks_entry;

static int __init ks_probe_init(void)
{
	int ret = ks_symbols_init();

	if (!ret)
		ret = ks_guard();
	if (ret)
		return ret;
	ks_entry = debugfs_create_file(KBUILD_MODNAME, 0200, NULL, NULL, &ks_file);
	return PTR_ERR_OR_ZERO(ks_entry);
}

static void __exit ks_probe_exit(void)
{
	debugfs_remove(ks_entry);
}

module_init(ks_probe_init);
module_exit(ks_probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults on purpose, to see that the sanitizers are on");
