// SPDX-License-Identifier: GPL-2.0-only
/* /dev/keystorm: every open of it is a queue. */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "queue.h"
#include "registration.h"

/* As much as keyctl(2) takes: a key type that wants less says so. */
#define KS_ANSWER_PAYLOAD_MAX (1024 * 1024 - 1)

/* The largest errno user space is ever to see; from 512 on they are the kernel's own. */
#define KS_ERRNO_MAX 511

static int ks_queue_open(struct inode *inode, struct file *file)
{
	struct ks_queue *queue = ks_queue_new();

	if (!queue)
		return -ENOMEM;
	file->private_data = queue;
	return stream_open(inode, file);
}

static int ks_queue_release(struct inode *inode, struct file *file)
{
	struct ks_queue *queue = file->private_data;

	ks_agent_die(&queue->agent);
	ks_agent_put(&queue->agent);
	return 0;
}

static char *ks_put_string(char *at, const char *string, u32 *length)
{
	*length = strlen(string);
	memcpy(at, string, *length + 1);
	return at + *length + 1;
}

/* The message for @upcall in fresh memory, of @size bytes; NULL: no memory. */
static struct ks_request *ks_queue_message(const struct ks_upcall *upcall, size_t size)
{
	struct ks_request *message = kvzalloc(size, GFP_KERNEL);
	char *at;

	if (!message)
		return NULL;
	message->size = size;
	message->version = KS_REQUEST_VERSION;
	message->serial = upcall->key->serial;
	message->uid = from_kuid_munged(current_user_ns(), upcall->requester_uid);
	message->gid = from_kgid_munged(current_user_ns(), upcall->requester_gid);
	at = ks_put_string((char *)(message + 1), upcall->type, &message->type_len);
	at = ks_put_string(at, upcall->key->description, &message->desc_len);
	ks_put_string(at, upcall->callout, &message->callout_len);
	return message;
}

static ssize_t ks_queue_tell(struct ks_upcall *upcall, char __user *buffer)
{
	size_t size = ks_queue_message_size(upcall);
	struct ks_request *message = ks_queue_message(upcall, size);
	ssize_t ret = size;

	if (!message)
		ret = -ENOMEM;
	else if (copy_to_user(buffer, message, size))
		ret = -EFAULT;
	kvfree(message);
	return ret;
}

/*
 * The reader gets the message, or the upcall goes back to where it was. Returns 0
 * when the upcall had to be ended instead: then there may be another.
 */
static ssize_t ks_queue_hand(struct ks_queue *queue, struct ks_upcall *upcall, char __user *buffer)
{
	const struct ks_delivery *delivery = upcall->agent->delivery;
	ssize_t ret = delivery->may_read ? delivery->may_read() : 0;

	if (ret)
		goto give_back;
	if (delivery->hand)
		ret = delivery->hand(upcall);
	if (ret) {
		ks_agent_abort(upcall, ret);
		return 0;
	}
	ret = ks_queue_tell(upcall, buffer);
	if (ret >= 0)
		return ret;
	if (delivery->unhand)
		delivery->unhand(upcall);
give_back:
	ks_queue_give_back(queue, upcall);
	return ret;
}

/* The oldest upcall; waits for one, unless told not to. */
static struct ks_upcall *ks_queue_await(struct file *file, size_t room)
{
	struct ks_queue *queue = file->private_data;
	struct ks_upcall *upcall;
	int ret;

	while (!(upcall = ks_queue_take(queue, room))) {
		if (file->f_flags & O_NONBLOCK)
			return ERR_PTR(-EAGAIN);
		ret = wait_event_interruptible(queue->readable, ks_queue_is_readable(queue));
		if (ret)
			return ERR_PTR(ret);
	}
	return upcall;
}

static ssize_t ks_queue_read(struct file *file, char __user *buffer, size_t room, loff_t *position)
{
	struct ks_queue *queue = file->private_data;
	struct ks_upcall *upcall;
	ssize_t ret;

	do {
		upcall = ks_queue_await(file, room);
		if (IS_ERR(upcall))
			return PTR_ERR(upcall);
		ret = ks_queue_hand(queue, upcall, buffer);
		ks_upcall_put(upcall);
	} while (!ret);
	return ret;
}

static int ks_queue_instantiate(struct ks_upcall *upcall, struct iov_iter *payload)
{
	size_t size = iov_iter_count(payload);
	void *copy = kvmalloc(size, GFP_KERNEL);
	int ret = -EFAULT;

	if (!copy)
		return -ENOMEM;
	if (copy_from_iter_full(copy, size, payload))
		ret = key_instantiate_and_link(upcall->key, copy, size, NULL, upcall->authkey);
	kvfree_sensitive(copy, size);
	return ret;
}

static bool ks_answer_is_well_formed(const struct ks_answer *answer, size_t payload_size)
{
	return answer->payload_len == payload_size && payload_size <= KS_ANSWER_PAYLOAD_MAX &&
	       answer->error <= KS_ERRNO_MAX && !(answer->error && payload_size);
}

/*
 * In the agent's task; a writev(2) of header and payload is one answer. The key
 * code decides who was first: the others get -EBUSY.
 */
static ssize_t ks_queue_write(struct kiocb *call, struct iov_iter *from)
{
	struct ks_queue *queue = call->ki_filp->private_data;
	size_t size = iov_iter_count(from);
	struct ks_upcall *upcall;
	struct ks_answer answer;
	int ret;

	/* Who was given authority answers with it. */
	if (READ_ONCE(queue->agent.delivery)->hands_authority)
		return -EOPNOTSUPP;
	if (size < sizeof(answer))
		return -EINVAL;
	if (!copy_from_iter_full(&answer, sizeof(answer), from))
		return -EFAULT;
	if (!ks_answer_is_well_formed(&answer, iov_iter_count(from)))
		return -EINVAL;

	upcall = ks_queue_handed(queue, answer.serial);
	if (IS_ERR(upcall))
		return PTR_ERR(upcall);
	if (answer.error)
		ret = key_reject_and_link(upcall->key, answer.timeout, answer.error, NULL, upcall->authkey);
	else
		ret = ks_queue_instantiate(upcall, from);
	if (!ret || ret == -EBUSY)
		ks_agent_dismiss(upcall);
	ks_upcall_put(upcall);
	return ret ?: (ssize_t)size;
}

static __poll_t ks_queue_poll(struct file *file, poll_table *table)
{
	struct ks_queue *queue = file->private_data;

	poll_wait(file, &queue->readable, table);
	return EPOLLOUT | EPOLLWRNORM | (ks_queue_is_readable(queue) ? EPOLLIN | EPOLLRDNORM : 0);
}

static long ks_queue_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case KS_IOC_REGISTER:
	case KS_IOC_WITHDRAW:
		return ks_registration_ioctl(command, (const struct ks_registration __user *)argument);
	case KS_IOC_STAGES:
		return ks_stages_take((struct ks_stages __user *)argument);
	default:
		return -ENOTTY;
	}
}

const struct file_operations ks_queue_fops = {
	.owner = THIS_MODULE,
	.open = ks_queue_open,
	.release = ks_queue_release,
	.read = ks_queue_read,
	.write_iter = ks_queue_write,
	.poll = ks_queue_poll,
	.unlocked_ioctl = ks_queue_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice ks_queue_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = KBUILD_MODNAME,
	.fops = &ks_queue_fops,
	.groups = ks_device_groups,
	.mode = 0666,
};

/**
 * ks_queue_device_register - make the device, and the counters below it
 *
 * Return: 0, or the error of misc_register().
 */
int ks_queue_device_register(void)
{
	return misc_register(&ks_queue_device);
}

/**
 * ks_queue_device_deregister - take the device away; nobody has it open
 */
void ks_queue_device_deregister(void)
{
	misc_deregister(&ks_queue_device);
}
