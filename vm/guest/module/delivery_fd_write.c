// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery "fd-write": the agent reads an upcall from its queue and writes the
 * answer there. No keyring and no quota of the agent's is touched, no authority
 * leaves the kernel.
 */
#include "queue.h"

static struct ks_agent *ks_fd_write_find(unsigned int fd)
{
	return ks_queue_find(fd, &ks_delivery_fd_write);
}

const struct ks_delivery ks_delivery_fd_write = {
	.name = "fd-write",
	.pending_max = KS_QUEUE_MAX,
	.notified = KS_NOTIFIED_FD_WRITE,
	.find = ks_fd_write_find,
	.notify = ks_queue_notify,
	.forget = ks_queue_forget,
	.free = ks_queue_free,
};
