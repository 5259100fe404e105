// SPDX-License-Identifier: GPL-2.0-only
/* Loading, unloading, and the device through which a check asks. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "keystorm.h"
#include "probe.h"

static int ksp_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static bool ksp_is_text(const char *field, size_t size)
{
	return strnlen(field, size) < size;
}

static int ksp_ask(unsigned int command, struct ksp_request *request)
{
	if (request->size != sizeof(*request) || !ksp_is_text(request->type, sizeof(request->type)) ||
	    !ksp_is_text(request->description, sizeof(request->description)) ||
	    !ksp_is_text(request->callout, sizeof(request->callout)))
		return -EINVAL;
	request->serial = 0;
	request->payload_len = 0;
	memset(request->payload, 0, sizeof(request->payload));
	return command == KSP_IOC_DNS_QUERY ? ksp_dns_query(request) : ksp_request_key(request);
}

static long ksp_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	void __user *at = (void __user *)argument;
	struct ksp_request *request;
	long ret;

	if (command != KSP_IOC_DNS_QUERY && command != KSP_IOC_REQUEST)
		return -ENOTTY;
	request = memdup_user(at, sizeof(*request));
	if (IS_ERR(request))
		return PTR_ERR(request);
	ret = ksp_ask(command, request);
	if (copy_to_user(at, request, sizeof(*request)) && !ret)
		ret = -EFAULT;
	kfree(request);
	return ret;
}

static const struct file_operations ksp_fops = {
	.owner = THIS_MODULE,
	.open = ksp_open,
	.unlocked_ioctl = ksp_ioctl,
};

static struct miscdevice ksp_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KBUILD_MODNAME,
	.fops = &ksp_fops,
	.mode = 0600,
};

static int __init ksp_init(void)
{
	int ret;

	ret = ks_symbols_init();
	if (ret)
		return ret;
	ret = ks_guard();
	if (ret)
		return ret;
	ret = ksp_query_init();
	if (ret)
		return ret;
	ret = misc_register(&ksp_device);
	if (ret)
		ksp_query_exit();
	return ret;
}

static void __exit ksp_exit(void)
{
	misc_deregister(&ksp_device);
	ksp_divert_stop();
	ksp_query_exit();
}

module_init(ksp_init);
module_exit(ksp_exit);

MODULE_DESCRIPTION("asks for keys from inside the kernel, as a file system does; can stand in keystorm.ko's way, and break the kernel");
MODULE_AUTHOR("keystorm");
MODULE_LICENSE("GPL");
