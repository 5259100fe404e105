// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/misc/keystorm/key_types: which key types come through the hook. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/key-type.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "keystorm.h"

/* The kernel's own list, and its lock: private to the kernel, but not for lack of readers. */
static struct list_head *ks_key_types_list;
static struct rw_semaphore *ks_key_types_sem;

/**
 * ks_key_types_init - find the kernel's list of key types
 *
 * Return: 0, or -ENOENT, said in the kernel log.
 */
int ks_key_types_init(void)
{
	ks_key_types_list = ks_symbol("key_types_list");
	ks_key_types_sem = ks_symbol("key_types_sem");
	if (ks_key_types_list && ks_key_types_sem)
		return 0;
	pr_err("not loading: this kernel does not tell its list of key types\n");
	return -ENOENT;
}

static const char *ks_key_type_state(const struct key_type *type)
{
	if (!strcmp(type->name, "keyring"))
		return "never-requested";
	return type->request_key ? "own-actor" : "served";
}

static ssize_t key_types_show(struct device *device, struct device_attribute *attribute, char *page)
{
	const struct key_type *type;
	int size = 0;

	down_read(ks_key_types_sem);
	list_for_each_entry(type, ks_key_types_list, link)
		size += sysfs_emit_at(page, size, "%s %s\n", type->name, ks_key_type_state(type));
	up_read(ks_key_types_sem);
	return size;
}
static DEVICE_ATTR_RO(key_types);

static struct attribute *ks_key_types_attributes[] = { &dev_attr_key_types.attr, NULL };

const struct attribute_group ks_key_types_group = { .attrs = ks_key_types_attributes };
