// SPDX-License-Identifier: GPL-2.0-only
/* KS_IOC_REGISTER and KS_IOC_WITHDRAW: what user space says, checked, and made a change of the table. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/proc_ns.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "registration.h"

static bool (*ks_proc_ns_file)(const struct file *file);

/**
 * ks_registration_ioctl_init - find what tells a namespace's file
 *
 * Return: 0, or -ENOENT, said in the kernel log.
 */
int ks_registration_ioctl_init(void)
{
	ks_proc_ns_file = ks_symbol("proc_ns_file");
	if (ks_proc_ns_file)
		return 0;
	pr_err("not loading: this kernel has no proc_ns_file()\n");
	return -ENOENT;
}

/* Terminated, and nothing behind the end. */
static bool ks_text_is_clean(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	return length < size && !memchr_inv(text + length, 0, size - length);
}

static int ks_registration_check(const struct ks_registration *said)
{
	if (said->size != sizeof(*said) || said->flags & ~KS_REATTACH)
		return -EINVAL;
	if (said->route != KS_ROUTE_USERNS && said->route != KS_ROUTE_INTERCEPT)
		return -EINVAL;
	if (said->nr_namespaces > (said->route == KS_ROUTE_USERNS ? 1 : KS_NR_KINDS))
		return -EINVAL;
	if (memchr_inv(said->namespaces + said->nr_namespaces, 0,
		       sizeof(said->namespaces) - said->nr_namespaces * sizeof(said->namespaces[0])))
		return -EINVAL;
	if (!ks_text_is_clean(said->key_type, sizeof(said->key_type)) || !ks_text_is_clean(said->agent, sizeof(said->agent)))
		return -EINVAL;
	if (!ks_key_type_is_well_formed(said->key_type))
		return -EINVAL;
	return ks_key_type_may_be_served(said->key_type) ? 0 : -EOPNOTSUPP;
}

static int ks_kind_of(const struct ns_common *ns)
{
	switch (ks_ns_type(ns)) {
	case CLONE_NEWUSER:
		return KS_USER;
	case CLONE_NEWNET:
		return KS_NET;
	case CLONE_NEWNS:
		return KS_MNT;
	case CLONE_NEWPID:
		return KS_PID;
	case CLONE_NEWUTS:
		return KS_UTS;
	case CLONE_NEWIPC:
		return KS_IPC;
	case CLONE_NEWCGROUP:
		return KS_CGROUP;
	default:
		return -EINVAL;
	}
}

/* The user namespace in which one must be capable to register for @ns: who owns it, and a user namespace owns itself. */
static struct user_namespace *ks_owner_of(struct ns_common *ns, int kind)
{
	return kind == KS_USER ? container_of(ns, struct user_namespace, ns) : ns->ops->owner(ns);
}

/* Adds @ns, which the caller keeps from ending, to a filter. */
static int ks_filter_name(struct ks_filter *filter, struct ns_common *ns)
{
	int kind = ks_kind_of(ns);

	if (kind < 0 || filter->named[kind] || (filter->route == KS_ROUTE_USERNS && kind != KS_USER))
		return -EINVAL;
	if (!ns_capable(ks_owner_of(ns, kind), CAP_SYS_ADMIN))
		return -EPERM;
	filter->named[kind] = ks_namespace_remember(ns);
	if (!filter->named[kind])
		return -ENOMEM;
	filter->nr++;
	filter->kinds |= BIT(KS_NR_KINDS - 1 - kind);
	return 0;
}

/* Adds the namespace that an open file is. */
static int ks_filter_name_file(struct ks_filter *filter, struct file *file)
{
	return ks_proc_ns_file(file) ? ks_filter_name(filter, get_proc_ns(file_inode(file))) : -EINVAL;
}

/**
 * struct ks_open_filter - a filter, and what keeps its namespaces from ending
 * @filter: the filter
 * @files: of the namespaces that were named by descriptors
 */
struct ks_open_filter {
	struct ks_filter filter;
	struct file *files[KS_NAMESPACES_MAX];
};

static int ks_filter_open(struct ks_open_filter *open, const struct ks_registration *said)
{
	unsigned int i;
	int ret;

	open->filter.route = said->route;
	memcpy(open->filter.key_type, said->key_type, sizeof(open->filter.key_type));
	for (i = 0; i < said->nr_namespaces; i++) {
		open->files[i] = fget(said->namespaces[i]);
		if (!open->files[i])
			return -EBADF;
		ret = ks_filter_name_file(&open->filter, open->files[i]);
		if (ret)
			return ret;
	}
	if (said->nr_namespaces)
		return 0;
	if (said->route == KS_ROUTE_USERNS)
		return ks_filter_name(&open->filter, &current_user_ns()->ns);
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static void ks_filter_close(struct ks_open_filter *open)
{
	int i;

	for (i = 0; i < KS_NR_KINDS; i++)
		ks_namespace_put(open->filter.named[i]);
	for (i = 0; i < KS_NAMESPACES_MAX; i++)
		if (open->files[i])
			fput(open->files[i]);
}

static int ks_register(const struct ks_registration *said, const struct ks_filter *filter)
{
	struct ks_agent *agent = ks_delivery_find(said->agent, strlen(said->agent));
	struct ks_entry *entry;
	int ret;

	if (IS_ERR(agent))
		return PTR_ERR(agent);
	entry = ks_entry_new(filter, agent);
	ks_agent_put(agent);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	if (said->flags & KS_REATTACH)
		ret = ks_table_reattach(entry);
	else
		ret = ks_table_add(entry);
	if (ret || said->flags & KS_REATTACH)
		ks_entry_free(entry);
	return ret;
}

static int ks_withdraw(const struct ks_registration *said, const struct ks_filter *filter)
{
	if (said->flags || said->agent[0])
		return -EINVAL;
	return ks_table_withdraw(filter);
}

/**
 * ks_registration_ioctl - KS_IOC_REGISTER and KS_IOC_WITHDRAW
 * @command: one of them
 * @argument: the caller's struct ks_registration
 *
 * Return: 0, or what the header keystorm_uapi.h says.
 */
long ks_registration_ioctl(unsigned int command, const struct ks_registration __user *argument)
{
	struct ks_open_filter open = { };
	struct ks_registration said;
	int ret;

	if (copy_from_user(&said, argument, sizeof(said)))
		return -EFAULT;
	ret = ks_registration_check(&said);
	if (ret)
		return ret;
	ret = ks_filter_open(&open, &said);
	if (!ret && command == KS_IOC_REGISTER)
		ret = ks_register(&said, &open.filter);
	else if (!ret)
		ret = ks_withdraw(&said, &open.filter);
	ks_filter_close(&open);
	return ret;
}
