// SPDX-License-Identifier: GPL-2.0-only
/*
 * A minimal in-kernel user of dns_query(), in place of a file system: writing a name to /sys/kernel/debug/dns_query_here resolves
 * it in the writer's network namespace, and the kernel log says what came of it. For a machine to be thrown away.
 */
#include <linux/debugfs.h>
#include <linux/dns_resolver.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

static struct dentry *file;

static ssize_t resolve(struct file *opened, const char __user *buffer, size_t size, loff_t *position)
{
	struct net *net = current->nsproxy->net_ns;
	char *name = memdup_user_nul(buffer, min_t(size_t, size, 255)), *answer = NULL;
	int len;

	if (IS_ERR(name))
		return PTR_ERR(name);
	strim(name);
	len = dns_query(net, NULL, name, strlen(name), NULL, &answer, NULL, false);
	pr_info("dns_query_here: net:[%u] %s -> %s (%d)\n", net->ns.inum, name, len < 0 ? "error" : answer, len);
	kfree(answer);
	kfree(name);
	return len < 0 ? len : size;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = resolve,
};

static int __init dns_query_here_init(void)
{
	file = debugfs_create_file("dns_query_here", 0200, NULL, NULL, &operations);
	return PTR_ERR_OR_ZERO(file);
}

static void __exit dns_query_here_exit(void)
{
	debugfs_remove(file);
}

module_init(dns_query_here_init);
module_exit(dns_query_here_exit);

MODULE_DESCRIPTION("resolves names in the caller's network namespace by dns_query()");
MODULE_LICENSE("GPL");
