// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery "signal": a realtime signal that carries the serial of the key under
 * construction. The authorisation key is linked into the agent's process keyring,
 * which is what entitles it to answer; the signal is only a hint.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/key.h>
#include <linux/keyctl.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "compat.h"
#include "keystorm.h"
#include "keystorm_uapi.h"

/**
 * struct ks_signal_agent - a process that is told by signal
 * @agent: what all agents have
 * @signo: the signal
 * @pid: its thread group, until it exits: it keeps a pid namespace, and that a user
 *	namespace, which may be the one whose end withdraws the registration; a
 *	reference [agent.lock]
 * @exec_id: of the program that registered: another one never asked for signals
 * @keyring: its process keyring, until it dies; a reference [agent.lock]
 * @exit: on the queue that a pidfd polls
 */
struct ks_signal_agent {
	struct ks_agent agent;
	int signo;
	struct pid *pid;
	u64 exec_id;
	struct key *keyring;
	wait_queue_entry_t exit;
};

/* send_sig_info() reaches one thread only; this reaches the group. Not exported. */
static int (*ks_do_send_sig_info)(int sig, struct kernel_siginfo *info, struct task_struct *task, enum pid_type type);

static struct ks_signal_agent *ks_signal_agent(struct ks_agent *agent)
{
	return container_of(agent, struct ks_signal_agent, agent);
}

/**
 * ks_delivery_signal_init - find what sends signals
 *
 * Return: 0, or -ENOENT, said in the kernel log.
 */
int ks_delivery_signal_init(void)
{
	ks_do_send_sig_info = ks_symbol("do_send_sig_info");
	if (ks_do_send_sig_info)
		return 0;
	pr_err("not loading: this kernel has no do_send_sig_info()\n");
	return -ENOENT;
}

static struct pid *ks_signal_get_pid(struct ks_signal_agent *signal)
{
	struct pid *pid;
	unsigned long flags;

	spin_lock_irqsave(&signal->agent.lock, flags);
	pid = get_pid(signal->pid);
	spin_unlock_irqrestore(&signal->agent.lock, flags);
	return pid;
}

/* Caller knows of another reference: nothing is freed here. The agent may be gone when this returns. */
static void ks_signal_drop_pid(struct ks_signal_agent *signal)
{
	struct pid *pid;
	unsigned long flags;

	spin_lock_irqsave(&signal->agent.lock, flags);
	pid = signal->pid;
	signal->pid = NULL;
	spin_unlock_irqrestore(&signal->agent.lock, flags);
	put_pid(pid);
}

/* Under wait_pidfd.lock and tasklist_lock, interrupts off; whoever exits has its pid still. */
static int ks_signal_heard_exit(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	struct ks_signal_agent *signal = container_of(entry, struct ks_signal_agent, exit);
	bool exited;

	rcu_read_lock();
	exited = ks_process_exited(signal->pid);
	rcu_read_unlock();
	if (exited) {
		ks_agent_die(&signal->agent);
		list_del_init(&entry->entry);
		ks_signal_drop_pid(signal);
	}
	return 0;
}

static struct ks_agent *ks_signal_find(unsigned int signo)
{
	struct ks_signal_agent *signal;
	key_ref_t keyring;

	/* An agent that does not block it would be killed by its first upcall. */
	if (signo < SIGRTMIN || signo > SIGRTMAX || !sigismember(&current->blocked, signo))
		return ERR_PTR(-EINVAL);
	signal = kzalloc(sizeof(*signal), GFP_KERNEL);
	if (!signal)
		return ERR_PTR(-ENOMEM);
	keyring = lookup_user_key(KEY_SPEC_PROCESS_KEYRING, KEY_LOOKUP_CREATE, KEY_NEED_WRITE);
	if (IS_ERR(keyring)) {
		kfree(signal);
		return ERR_CAST(keyring);
	}

	ks_agent_init(&signal->agent, &ks_delivery_signal);
	signal->signo = signo;
	signal->pid = get_pid(task_tgid(current));
	signal->exec_id = current->self_exec_id;
	signal->keyring = key_ref_to_ptr(keyring);
	init_waitqueue_func_entry(&signal->exit, ks_signal_heard_exit);
	add_wait_queue(&signal->pid->wait_pidfd, &signal->exit);
	return &signal->agent;
}

static int ks_signal_prepare(struct ks_upcall *upcall)
{
	struct ks_signal_agent *signal = ks_signal_agent(upcall->agent);
	struct key *keyring;
	unsigned long flags;

	spin_lock_irqsave(&signal->agent.lock, flags);
	keyring = key_get(signal->keyring);
	spin_unlock_irqrestore(&signal->agent.lock, flags);
	return keyring ? ks_authority_give(upcall, keyring) : -ESRCH;
}

/*
 * The sender's user namespace is set to the agent's for the moment of sending:
 * else the kernel would translate the zero in si_uid into the agent's.
 */
static int ks_signal_send(const struct ks_signal_agent *signal, struct task_struct *task, key_serial_t serial)
{
	const struct cred *theirs = get_task_cred(task);
	const struct cred *ours = ks_override_creds(theirs);
	struct kernel_siginfo info;
	int ret;

	clear_siginfo(&info);
	info.si_signo = signal->signo;
	info.si_code = KS_SI_CODE;
	info.si_int = serial;
	ret = ks_do_send_sig_info(signal->signo, &info, task, PIDTYPE_TGID);
	ks_revert_creds(ours);
	put_cred(theirs);
	return ret;
}

static int ks_signal_notify(struct ks_upcall *upcall)
{
	struct ks_signal_agent *signal = ks_signal_agent(upcall->agent);
	struct pid *pid = ks_signal_get_pid(signal);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_TGID);
	int ret = -ESRCH;

	put_pid(pid);
	if (task && READ_ONCE(task->self_exec_id) == signal->exec_id)
		ret = ks_signal_send(signal, task, upcall->key->serial);
	if (task)
		put_task_struct(task);
	if (ret == -ESRCH)
		ks_agent_die(&signal->agent);
	return ret;
}

static void ks_signal_closed(struct ks_agent *agent)
{
	struct ks_signal_agent *signal = ks_signal_agent(agent);

	key_put(signal->keyring);
	signal->keyring = NULL;
}

static void ks_signal_free(struct ks_agent *agent)
{
	struct ks_signal_agent *signal = ks_signal_agent(agent);
	struct pid *pid = ks_signal_get_pid(signal);

	/* Without a pid it has exited, and is off the queue. */
	if (pid) {
		remove_wait_queue(&pid->wait_pidfd, &signal->exit);
		ks_signal_drop_pid(signal);
		put_pid(pid);
	}
	key_put(signal->keyring);
	kfree(signal);
}

const struct ks_delivery ks_delivery_signal = {
	.name = "signal",
	.notified = KS_NOTIFIED_SIGNAL,
	.hands_authority = true,
	.find = ks_signal_find,
	.prepare = ks_signal_prepare,
	.notify = ks_signal_notify,
	.conclude = ks_authority_end,
	.closed = ks_signal_closed,
	.free = ks_signal_free,
};
