// SPDX-License-Identifier: GPL-2.0-only
/*
 * The suggested fix, as a hook for a running x86-64 kernel, to see that it is enough: while this is loaded, a search that
 * iterates does not see keys of a key type with network namespaces (KEY_TYPE_NET_DOMAIN) that belong to another namespace
 * than the one that is searched for. For a machine to be thrown away; the patch itself is in ../dns-cache-bleed.md.
 */
#include <linux/key-type.h>
#include <linux/key.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#define KEYRING_PTR_SUBTYPE 0x2ul

/* What the caller gets instead: go on. */
static notrace noinline int not_this_one(void)
{
	return 0;
}

/* keyring_search_iterator(object, ctx): the index key is the first member of struct keyring_search_context. */
static int before(struct kprobe *probe, struct pt_regs *regs)
{
	const struct key *key = (const struct key *)(regs->di & ~KEYRING_PTR_SUBTYPE);
	const struct keyring_index_key *sought = (const struct keyring_index_key *)regs->si;

	if (key->type != sought->type || !(key->type->flags & KEY_TYPE_NET_DOMAIN) ||
	    key->index_key.domain_tag == sought->domain_tag)
		return 0;
	regs->ip = (unsigned long)not_this_one;
	return 1;
}

/* A probe that changes where execution goes on must have one. */
static void after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe hook = {
	.symbol_name = "keyring_search_iterator",
	.pre_handler = before,
	.post_handler = after,
};

static int __init fix_hook_init(void)
{
	return register_kprobe(&hook);
}

static void __exit fix_hook_exit(void)
{
	unregister_kprobe(&hook);
}

module_init(fix_hook_init);
module_exit(fix_hook_exit);

MODULE_DESCRIPTION("keeps keys of one network namespace from being found in another");
MODULE_LICENSE("GPL");
