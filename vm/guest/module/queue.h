/* SPDX-License-Identifier: GPL-2.0-only */
/* A queue: what an open /dev/keystorm is to the delivery, and to the file. */
#ifndef KS_QUEUE_H
#define KS_QUEUE_H

#include <linux/wait.h>

#include "keystorm.h"
#include "keystorm_uapi.h"

/* How many completed requests a queue remembers, to tell a late answer from a wrong one. */
#define KS_ENDED_MAX (2 * KS_QUEUE_MAX)

/**
 * struct ks_queue - an agent that reads its upcalls
 * @agent: what all agents have; its lock is the queue's
 * @readable: readers and pollers sleep here
 * @queued: upcalls not yet read [agent.lock]
 * @ended: serials of upcalls that were read and are over; a ring [agent.lock]
 * @nr_ended: how many were ever put there [agent.lock]
 */
struct ks_queue {
	struct ks_agent agent;
	wait_queue_head_t readable;
	struct list_head queued;
	key_serial_t ended[KS_ENDED_MAX];
	unsigned int nr_ended;
};

static inline struct ks_queue *ks_queue_of(struct ks_agent *agent)
{
	return container_of(agent, struct ks_queue, agent);
}

struct ks_queue *ks_queue_new(void);
void ks_queue_free(struct ks_agent *agent);
struct ks_agent *ks_queue_find(unsigned int fd, const struct ks_delivery *delivery);
int ks_queue_notify(struct ks_upcall *upcall);
void ks_queue_forget(struct ks_upcall *upcall);
bool ks_queue_is_readable(struct ks_queue *queue);
struct ks_upcall *ks_queue_take(struct ks_queue *queue, size_t room);
void ks_queue_give_back(struct ks_queue *queue, struct ks_upcall *upcall);
struct ks_upcall *ks_queue_handed(struct ks_queue *queue, key_serial_t serial);
size_t ks_queue_message_size(const struct ks_upcall *upcall);

#endif
