// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request meets: the RFC's flow of control. Each step says what it is there
 * for in the RFC, and what comes of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/key.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <keys/request_key_auth-type.h>
#include <keys/user-type.h>

#include "compat.h"
#include "keystorm.h"
#include "keystorm_uapi.h"
#include "rfc.h"

static request_key_actor_t rfc_call_sbin_request_key;
static atomic_t rfc_in_flight = ATOMIC_INIT(0);

/* Zero beyond the three fields; under the agent's credentials, else the kernel would translate the zero in si_uid. */
static int rfc_send(const struct rfc_keyagent *keyagent, struct task_struct *task, const struct cred *theirs,
		    key_serial_t serial)
{
	const struct cred *ours = ks_override_creds(theirs);
	struct kernel_siginfo info;
	int ret;

	clear_siginfo(&info);
	info.si_signo = keyagent->signo;
	info.si_code = KS_SI_CODE;
	info.si_int = serial;
	/* RFC: to the thread. EAGAIN when its user has too many signals pending, ESRCH when it is a zombie. */
	ret = send_sig_info(keyagent->signo, &info, task);
	ks_revert_creds(ours);
	return ret;
}

/* RFC: entitle the agent, and tell it. */
static int rfc_signal(struct key *agent_key, struct key *target, struct key *authkey)
{
	const struct rfc_keyagent *keyagent = agent_key->payload.data[0];
	struct task_struct *task = get_pid_task(keyagent->pid, PIDTYPE_PID);
	const struct cred *theirs;
	int ret = -ENOKEY;

	/* RFC: a dead agent's key is revoked, and ENOKEY leads to the host's helper: now, and ever after. */
	if (!task) {
		key_revoke(agent_key);
		return -ENOKEY;
	}
	theirs = get_task_cred(task);
	/* RFC: an agent without a process keyring is none: ENOKEY, and so the host's helper. */
	if (theirs->process_keyring)
		ret = key_link(theirs->process_keyring, authkey);
	else
		goto put;
	/* RFC: EDQUOT and the like end the request. What is linked is never unlinked. */
	if (!ret)
		ret = rfc_told_add(target, authkey);
	if (!ret)
		ret = rfc_send(keyagent, task, theirs, target->serial);
put:
	put_cred(theirs);
	put_task_struct(task);
	return ret;
}

/* RFC: find the agent; whatever is wrong with it, it is ENOKEY. Nobody asks whether it may serve. */
static int rfc_ask_agent(struct key *authkey)
{
	const struct request_key_auth *rka = get_request_key_auth(authkey);
	/* RFC: the credentials in force, which are not the requester's when it asks under borrowed ones. */
	const struct cred *cred = current_cred();
	struct key *agent_key;
	key_ref_t ref;
	int ret = -ENOKEY;

	if (!cred->session_keyring)
		return -ENOKEY;
	/* RFC: in the session keyring itself, not in keyrings below it. */
	ref = keyring_search(make_key_ref(cred->session_keyring, true), &rfc_key_type_keyagent,
			     rka->target_key->type->name, false);
	if (IS_ERR(ref))
		return -ENOKEY;
	agent_key = key_ref_to_ptr(ref);
	if (key_is_positive(agent_key))
		ret = rfc_signal(agent_key, rka->target_key, authkey);
	key_put(agent_key);
	return ret;
}

static int rfc_act(struct key *authkey, void *aux)
{
	int ret = rfc_ask_agent(authkey);

	/* RFC: no agent, says ENOKEY; but so does a dead one. */
	if (ret == -ENOKEY)
		return rfc_call_sbin_request_key(authkey, aux);
	/* RFC: returned as it is, whereupon the kernel warns and negates the key for 60 s. This does it without the warning. */
	if (ret < 0)
		complete_request_key(authkey, ret);
	/* RFC: 0 at once. The requester waits in the kernel's own code, without a timeout, for whoever has the authority. */
	return ret;
}

/* The module cannot go while a request is in here; one that comes when it is going is refused. */
static int rfc_actor(struct key *authkey, void *aux)
{
	int ret = -ENOKEY;

	atomic_inc(&rfc_in_flight);
	if (try_module_get(THIS_MODULE)) {
		ret = rfc_act(authkey, aux);
		module_put(THIS_MODULE);
	} else {
		complete_request_key(authkey, ret);
	}
	atomic_dec(&rfc_in_flight);
	return ret;
}

/**
 * rfc_actor_start - have requests for keys of type "user" come here
 *
 * Return: 0; -ENOENT the kernel is not as expected, -EBUSY somebody else has taken
 * the type. Both are said in the kernel log.
 */
int rfc_actor_start(void)
{
	rfc_call_sbin_request_key = ks_symbol("call_sbin_request_key");
	if (!rfc_call_sbin_request_key) {
		pr_err("not loading: this kernel has no call_sbin_request_key()\n");
		return -ENOENT;
	}
	if (cmpxchg(&key_type_user.request_key, NULL, rfc_actor)) {
		pr_err("not loading: the key type user has an actor already\n");
		return -EBUSY;
	}
	return 0;
}

/**
 * rfc_actor_stop - give them back to the kernel, and wait for those on their way
 *
 * The first grace period is for tasks that have read the operation and not yet
 * counted themselves, the second for those that have just uncounted themselves.
 */
void rfc_actor_stop(void)
{
	WRITE_ONCE(key_type_user.request_key, NULL);
	synchronize_rcu_tasks();
	while (atomic_read(&rfc_in_flight))
		msleep(1);
	synchronize_rcu_tasks();
}
