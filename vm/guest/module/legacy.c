// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own path, as it would have been taken without us. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/printk.h>

#include "keystorm.h"

static request_key_actor_t ks_call_sbin_request_key;

/**
 * ks_legacy_init - find the kernel's path
 *
 * Return: 0, or -ENOENT, said in the kernel log.
 */
int ks_legacy_init(void)
{
	ks_call_sbin_request_key = ks_symbol("call_sbin_request_key");
	if (ks_call_sbin_request_key)
		return 0;
	pr_err("not loading: this kernel has no call_sbin_request_key()\n");
	return -ENOENT;
}

/**
 * ks_legacy_call - run /sbin/request-key and wait for it
 * @authkey: the authorisation key; completed on return
 * @aux: the caller's
 *
 * The hook knows this call by where it returns to, so that must be here: a jump
 * in place of the call would return to our caller, and might return to the kernel.
 *
 * Return: what the kernel's function says.
 */
noinline int ks_legacy_call(struct key *authkey, void *aux)
{
	int ret = ks_call_sbin_request_key(authkey, aux);

	barrier();
	return ret;
}
