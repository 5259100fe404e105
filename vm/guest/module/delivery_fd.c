// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery "fd-write": upcalls wait in a queue until the agent reads them. No
 * keyring and no quota of the agent's is touched, no authority leaves the kernel.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "queue.h"

/**
 * ks_queue_new - an empty queue with one reference
 *
 * Return: the queue, or NULL.
 */
struct ks_queue *ks_queue_new(void)
{
	struct ks_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return NULL;
	ks_agent_init(&queue->agent, &ks_delivery_fd_write);
	init_waitqueue_head(&queue->readable);
	INIT_LIST_HEAD(&queue->queued);
	return queue;
}

/**
 * ks_queue_is_readable - is there an upcall nobody has read?
 * @queue: the queue
 */
bool ks_queue_is_readable(struct ks_queue *queue)
{
	return !list_empty_careful(&queue->queued);
}

/**
 * ks_queue_message_size - bytes read(2) gives for an upcall
 * @upcall: the upcall
 */
size_t ks_queue_message_size(const struct ks_upcall *upcall)
{
	return sizeof(struct ks_request) + strlen(upcall->key->type->name) + 1 +
	       strlen(upcall->key->description) + 1 + upcall->callout_len + 1;
}

/**
 * ks_queue_take - the oldest upcall nobody has read
 * @queue: the queue
 * @room: bytes the reader has for it
 *
 * Return: the upcall with a reference, handed; NULL if there is none; -EMSGSIZE
 * it does not fit, and stays.
 */
struct ks_upcall *ks_queue_take(struct ks_queue *queue, size_t room)
{
	struct ks_upcall *upcall;
	unsigned long flags;

	spin_lock_irqsave(&queue->agent.lock, flags);
	upcall = list_first_entry_or_null(&queue->queued, struct ks_upcall, queued);
	if (upcall && ks_queue_message_size(upcall) > room) {
		upcall = ERR_PTR(-EMSGSIZE);
	} else if (upcall) {
		list_del_init(&upcall->queued);
		upcall->handed = true;
		ks_upcall_get(upcall);
	}
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	return upcall;
}

/**
 * ks_queue_give_back - the reader could not take it after all
 * @queue: the queue
 * @upcall: from ks_queue_take(); the caller keeps its reference
 */
void ks_queue_give_back(struct ks_queue *queue, struct ks_upcall *upcall)
{
	unsigned long flags;

	spin_lock_irqsave(&queue->agent.lock, flags);
	if (!list_empty(&upcall->pending)) {
		upcall->handed = false;
		list_add(&upcall->queued, &queue->queued);
	}
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	wake_up_interruptible_poll(&queue->readable, EPOLLIN | EPOLLRDNORM);
}

static bool ks_queue_remembers(const struct ks_queue *queue, key_serial_t serial)
{
	unsigned int i, n = min_t(unsigned int, queue->nr_ended, KS_ENDED_MAX);

	for (i = 0; i < n; i++)
		if (queue->ended[i] == serial)
			return true;
	return false;
}

/**
 * ks_queue_handed - the upcall an answer is for
 * @queue: the queue
 * @serial: of the key under construction
 *
 * Return: the upcall with a reference; -EBUSY it is over; -ENOKEY this queue
 * never handed it out.
 */
struct ks_upcall *ks_queue_handed(struct ks_queue *queue, key_serial_t serial)
{
	struct ks_upcall *found = ERR_PTR(-ENOKEY), *upcall;
	unsigned long flags;

	spin_lock_irqsave(&queue->agent.lock, flags);
	list_for_each_entry(upcall, &queue->agent.pending, pending) {
		if (upcall->handed && upcall->key->serial == serial) {
			found = ks_upcall_get(upcall);
			break;
		}
	}
	if (IS_ERR(found) && ks_queue_remembers(queue, serial))
		found = ERR_PTR(-EBUSY);
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	return found;
}

static struct ks_agent *ks_fd_find(unsigned int fd)
{
	struct file *file = fget(fd);
	struct ks_agent *agent = ERR_PTR(-EINVAL);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op == &ks_queue_fops)
		agent = ks_agent_get(&((struct ks_queue *)file->private_data)->agent);
	fput(file);
	return agent;
}

static int ks_fd_notify(struct ks_upcall *upcall)
{
	struct ks_queue *queue = ks_queue_of(upcall->agent);
	unsigned long flags;

	spin_lock_irqsave(&queue->agent.lock, flags);
	if (!list_empty(&upcall->pending))
		list_add_tail(&upcall->queued, &queue->queued);
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	wake_up_interruptible_poll(&queue->readable, EPOLLIN | EPOLLRDNORM);
	return 0;
}

static void ks_fd_forget(struct ks_upcall *upcall)
{
	struct ks_queue *queue = ks_queue_of(upcall->agent);

	list_del_init(&upcall->queued);
	if (upcall->handed)
		queue->ended[queue->nr_ended++ % KS_ENDED_MAX] = upcall->key->serial;
}

static void ks_fd_free(struct ks_agent *agent)
{
	kfree(ks_queue_of(agent));
}

const struct ks_delivery ks_delivery_fd_write = {
	.name = "fd-write",
	.notified = KS_SESSION_FD_WRITE,
	.find = ks_fd_find,
	.notify = ks_fd_notify,
	.forget = ks_fd_forget,
	.free = ks_fd_free,
};
