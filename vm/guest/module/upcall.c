// SPDX-License-Identifier: GPL-2.0-only
/*
 * One upcall, from the requester's side: tell the agent, wait, and see to it
 * that the key is completed by somebody. The wait is killable, has a timeout,
 * and fails closed.
 */
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include <keys/request_key_auth-type.h>

#include "keystorm.h"

static struct ks_upcall *ks_upcall_new(struct ks_agent *agent, struct key *authkey)
{
	const struct request_key_auth *rka = get_request_key_auth(authkey);
	const struct cred *cred = current_real_cred();
	struct ks_upcall *upcall;

	upcall = kzalloc(struct_size(upcall, callout, rka->callout_len + 1), GFP_KERNEL);
	if (!upcall)
		return NULL;
	refcount_set(&upcall->refs, 1);
	upcall->agent = ks_agent_get(agent);
	upcall->key = key_get(rka->target_key);
	upcall->authkey = key_get(authkey);
	upcall->requester_uid = cred->uid;
	upcall->requester_gid = cred->gid;
	strscpy(upcall->type, upcall->key->type->name, sizeof(upcall->type));
	INIT_LIST_HEAD(&upcall->pending);
	INIT_LIST_HEAD(&upcall->queued);
	memcpy(upcall->callout, rka->callout_info, rka->callout_len);
	upcall->callout_len = strlen(upcall->callout);
	return upcall;
}

/**
 * ks_upcall_get - another reference
 * @upcall: the caller has one, or holds its agent's lock and found it there
 *
 * Return: @upcall.
 */
struct ks_upcall *ks_upcall_get(struct ks_upcall *upcall)
{
	refcount_inc(&upcall->refs);
	return upcall;
}

/**
 * ks_upcall_put - give a reference back; process context, no lock held
 * @upcall: the upcall
 */
void ks_upcall_put(struct ks_upcall *upcall)
{
	if (!refcount_dec_and_test(&upcall->refs))
		return;
	key_put(upcall->authkey);
	key_put(upcall->key);
	ks_agent_put(upcall->agent);
	kfree(upcall);
}

/**
 * ks_refuse - complete a key with an error, for the seconds of the setting
 * @authkey: its authorisation key, not completed by this task before
 * @error: negative errno that the requester gets
 *
 * Return: true unless somebody else had completed the key already.
 */
bool ks_refuse(struct key *authkey, int error)
{
	struct key *key = get_request_key_auth(authkey)->target_key;

	return !key_reject_and_link(key, ks_refusal_s(), -error, NULL, authkey);
}

/*
 * Until the key is completed, the upcall aborted, the requester killed
 * (-EINTR), or the time up (-ETIMEDOUT). Completion wakes the key's bit queue;
 * that queue does not wake while the bit is set, so an abort wakes the task.
 */
static int ks_upcall_wait(struct ks_upcall *upcall)
{
	unsigned long *flags = &upcall->key->flags;
	wait_queue_head_t *queue = bit_waitqueue(flags, KEY_FLAG_USER_CONSTRUCT);
	DEFINE_WAIT_BIT(wait, flags, KEY_FLAG_USER_CONSTRUCT);
	long left = msecs_to_jiffies(ks_timeout_ms());
	int ret;

	for (;;) {
		prepare_to_wait(queue, &wait.wq_entry, TASK_KILLABLE);
		ret = 0;
		if (!test_bit(KEY_FLAG_USER_CONSTRUCT, flags))
			break;
		ret = READ_ONCE(upcall->aborted);
		if (ret)
			break;
		ret = -EINTR;
		if (fatal_signal_pending(current))
			break;
		ret = -ETIMEDOUT;
		if (!left)
			break;
		left = schedule_timeout(left);
	}
	finish_wait(queue, &wait.wq_entry);
	return ret;
}

/*
 * No answer came: complete the key ourselves. A requester that was killed
 * leaves a key that has expired already, so that the next one asks afresh.
 */
static void ks_upcall_refuse(struct ks_upcall *upcall, int why)
{
	unsigned int seconds = ks_refusal_s();
	int error = why;
	int counter = -1;

	switch (why) {
	case -ETIMEDOUT:
		counter = KS_TIMEOUTS;
		error = -ENOKEY;
		break;
	case -EINTR:
		counter = KS_KILLED;
		error = -ENOKEY;
		seconds = 0;
		break;
	case -ESRCH:
		counter = KS_DEAD;
		error = -ENOKEY;
		break;
	case -EAGAIN:
		counter = KS_QUEUE_FULL;
		break;
	}
	if (!key_reject_and_link(upcall->key, seconds, -error, NULL, upcall->authkey) && counter >= 0)
		ks_count(counter);
}

/**
 * ks_upcall_serve - have an agent answer, and wait for it
 * @attachment: who
 * @authkey: the authorisation key; completed on return
 * @entered: ks_stage_now() of the request's arrival
 *
 * The requester's task; may sleep.
 */
void ks_upcall_serve(const struct ks_attachment *attachment, struct key *authkey, u64 entered)
{
	const struct ks_delivery *delivery = attachment->agent->delivery;
	struct ks_upcall *upcall = ks_upcall_new(attachment->agent, authkey);
	u64 told = 0, over;
	int ret = 0;

	ks_path_more();
	if (!upcall) {
		ks_refuse(authkey, -ENOMEM);
		return;
	}
	if (delivery->prepare)
		ret = delivery->prepare(upcall);
	if (!ret)
		ret = ks_agent_admit(attachment, upcall);
	if (!ret) {
		told = ks_stage_now();
		ret = delivery->notify(upcall);
		/* Whoever was not told is in no stage. */
		if (ret)
			told = 0;
	}
	if (!ret) {
		ks_count(delivery->notified);
		ret = ks_upcall_wait(upcall);
	}
	over = ks_stage_now();
	if (ret)
		ks_upcall_refuse(upcall, ret);
	ks_agent_dismiss(upcall);
	if (delivery->conclude)
		delivery->conclude(upcall);
	if (entered && told && over)
		ks_stages_add(upcall->key->serial, entered, told, over);
	ks_upcall_put(upcall);
}
