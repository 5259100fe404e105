// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery "fd-keyctl": the agent reads an upcall from its queue and answers with
 * keyctl(2). Whoever reads it is entitled to: the authorisation key is linked into
 * the reader's process keyring until the request is over.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/keyctl.h>
#include <linux/sched.h>

#include "queue.h"

static struct ks_agent *ks_fd_keyctl_find(unsigned int fd)
{
	return ks_queue_find(fd, &ks_delivery_fd_keyctl);
}

/*
 * A kernel thread of io_uring's has keyrings that no process can use. And one who
 * acts under borrowed credentials cannot be given a keyring: those credentials
 * are not its to change, and commit_creds() is fatal.
 */
static int ks_fd_keyctl_may_read(void)
{
	if (current->flags & (PF_KTHREAD | PF_IO_WORKER) || current_cred() != current_real_cred())
		return -EOPNOTSUPP;
	return 0;
}

/* The keyring is made if there is none. */
static int ks_fd_keyctl_hand(struct ks_upcall *upcall)
{
	key_ref_t keyring = lookup_user_key(KEY_SPEC_PROCESS_KEYRING, KEY_LOOKUP_CREATE, KEY_NEED_WRITE);

	return IS_ERR(keyring) ? PTR_ERR(keyring) : ks_authority_give(upcall, key_ref_to_ptr(keyring));
}

const struct ks_delivery ks_delivery_fd_keyctl = {
	.name = "fd-keyctl",
	.pending_max = KS_QUEUE_MAX,
	.notified = KS_NOTIFIED_FD_KEYCTL,
	.hands_authority = true,
	.find = ks_fd_keyctl_find,
	.may_read = ks_fd_keyctl_may_read,
	.hand = ks_fd_keyctl_hand,
	.unhand = ks_authority_take_back,
	.notify = ks_queue_notify,
	.conclude = ks_authority_end,
	.forget = ks_queue_forget,
	.free = ks_queue_free,
};
