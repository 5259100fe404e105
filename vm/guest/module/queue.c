// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: upcalls wait here until the agent reads them. What reading one does,
 * and how it is answered, is the delivery's business; see delivery_fd_*.c.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "queue.h"

/**
 * ks_queue_free - a queue's last reference is gone
 * @agent: the queue's
 */
void ks_queue_free(struct ks_agent *agent)
{
	kfree(ks_queue_of(agent));
}

/* What a queue has until its first registration says what it is used for. */
static const struct ks_delivery ks_delivery_undecided = {
	.name = "undecided",
	.free = ks_queue_free,
};

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
	ks_agent_init(&queue->agent, &ks_delivery_undecided);
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
	return sizeof(struct ks_request) + strlen(upcall->type) + 1 +
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

/* A queue is told once what it is for: what waits in it must mean one thing. */
static int ks_queue_decide(struct ks_queue *queue, const struct ks_delivery *delivery)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&queue->agent.lock, flags);
	if (queue->agent.delivery == &ks_delivery_undecided)
		WRITE_ONCE(queue->agent.delivery, delivery);
	else if (queue->agent.delivery != delivery)
		ret = -EBUSY;
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	return ret;
}

/**
 * ks_queue_find - the queue that a descriptor of the caller's is, used with a delivery
 * @fd: the descriptor
 * @delivery: how the queue is to deliver, from now on and for ever
 *
 * Return: a new reference; -EBADF, -EINVAL not a queue; -EBUSY used otherwise already.
 */
struct ks_agent *ks_queue_find(unsigned int fd, const struct ks_delivery *delivery)
{
	struct file *file = fget(fd);
	struct ks_agent *agent = ERR_PTR(-EINVAL);
	int ret;

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op == &ks_queue_fops) {
		struct ks_queue *queue = file->private_data;

		ret = ks_queue_decide(queue, delivery);
		agent = ret ? ERR_PTR(ret) : ks_agent_get(&queue->agent);
	}
	fput(file);
	return agent;
}

/**
 * ks_queue_notify - have an upcall wait for a reader
 * @upcall: pending at the queue, unless it is over already
 *
 * Return: 0; -EMSGSIZE no reader has room for it.
 */
int ks_queue_notify(struct ks_upcall *upcall)
{
	struct ks_queue *queue = ks_queue_of(upcall->agent);
	unsigned long flags;

	/* Only the kernel itself asks for such; it would keep everybody behind it waiting. */
	if (ks_queue_message_size(upcall) > KS_REQUEST_MAX)
		return -EMSGSIZE;
	spin_lock_irqsave(&queue->agent.lock, flags);
	if (!list_empty(&upcall->pending))
		list_add_tail(&upcall->queued, &queue->queued);
	spin_unlock_irqrestore(&queue->agent.lock, flags);
	wake_up_interruptible_poll(&queue->readable, EPOLLIN | EPOLLRDNORM);
	return 0;
}

/**
 * ks_queue_forget - an upcall is leaving the pending ones
 * @upcall: the upcall; caller holds the queue's lock
 */
void ks_queue_forget(struct ks_upcall *upcall)
{
	struct ks_queue *queue = ks_queue_of(upcall->agent);

	list_del_init(&upcall->queued);
	if (upcall->handed)
		queue->ended[queue->nr_ended++ % KS_ENDED_MAX] = upcall->key->serial;
}
