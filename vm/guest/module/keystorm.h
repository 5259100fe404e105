/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keystorm: request_key() upcalls answered by agents, as a loadable module.
 *
 * An upcall enters through the hook (hook.c) and goes route -> eligibility ->
 * state -> delivery -> wait. The route finds registrations (route_*.c), the rule
 * says whether one's agent may serve this requester (eligibility.c), the delivery
 * tells the agent (delivery_*.c), and the requester waits in upcall.c. Route and
 * delivery know nothing of each other.
 *
 * Locking, outermost first
 *
 *   key->sem, key_construction_mutex	taken by the key code around our key
 *		type's operations. instantiate() runs under the mutex and thus
 *		only moves pointers; whatever sleeps is done in preparse().
 *   ks_mode_lock (settings.c)	mutex: the mode and the hook change together; the
 *		tracer's own locks are taken inside.
 *   ks_table_lock (registration_table.c)	mutex: changes of the table that
 *		routes read under RCU.
 *   ks_service.lock		spinlock, process context: which agent serves.
 *   wait_pidfd.lock		of a struct pid, itself under tasklist_lock and
 *		with interrupts off: a signal agent's death is heard there.
 *   ks_agent.lock		spinlock, interrupts off: the attachment, the
 *		pending upcalls and the fields of ks_upcall marked [agent].
 *		Inside it only wake-ups, and key_put(), which defers its work.
 *   ks_namespaces_lock (namespaces.c)	spinlock, interrupts off: which namespaces
 *		are remembered. Taken wherever the kernel frees a namespace; inside
 *		it nothing at all.
 *
 * Nothing sleeps, sends a signal or calls the key code under a spinlock.
 *
 * Who wins when an answer, a timeout, a kill and a death meet is decided in one
 * place only: key_construction_mutex lets one of them complete the key, the
 * others get -EBUSY.
 */
#ifndef KEYSTORM_H
#define KEYSTORM_H

#include <linux/capability.h>
#include <linux/jump_label.h>
#include <linux/key-type.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

struct cred;
struct request_key_auth;
struct ftrace_ops;
struct task_struct;
struct attribute_group;
struct ks_agent;
struct ks_namespace;
struct ks_stages;
struct ks_upcall;

/* The kernel takes no longer name from user space. */
#define KS_KEY_TYPE_NAME_MAX 32

/* ---- guard.c, symbols.c ------------------------------------------------- */

int ks_guard(void);
int ks_symbols_init(void);
void *ks_symbol(const char *name);

/* ---- counters.c --------------------------------------------------------- */

enum ks_counter {
	KS_NOTIFIED_SIGNAL,
	KS_NOTIFIED_FD_WRITE,
	KS_NOTIFIED_FD_KEYCTL,
	KS_NULL,
	KS_FALLBACK_STOCK,
	KS_FALLBACK_REFUSED,
	KS_INELIGIBLE,
	KS_DEAD,
	KS_TIMEOUTS,
	KS_KILLED,
	KS_QUEUE_FULL,
	KS_REGISTRATIONS,
	KS_NAMESPACE_ENDS,
	KS_IN_FLIGHT,
	KS_HELPER_EXECS,
	KS_HELPER_EXECS_INIT,
	KS_NR_COUNTERS,
};

extern const struct attribute_group *ks_device_groups[];

void ks_count(enum ks_counter counter);
void ks_uncount(enum ks_counter counter);
u64 ks_counted(enum ks_counter counter);

/* ---- settings.c --------------------------------------------------------- */

enum ks_mode { KS_MODE_OFF, KS_MODE_SESSION, KS_MODE_USERNS, KS_MODE_INTERCEPT, KS_MODE_NULL };
enum ks_fallback { KS_FALLBACK_TO_STOCK, KS_FALLBACK_TO_REFUSE };

enum ks_mode ks_mode(void);
enum ks_fallback ks_fallback_policy(void);
unsigned int ks_timeout_ms(void);
unsigned int ks_refusal_s(void);
struct kernel_param;
int ks_number_set(const char *text, const struct kernel_param *param, unsigned int min, unsigned int max);
int ks_settings_start(void);
void ks_settings_stop(void);

/* ---- trace.c, hook.c, key_types.c ---------------------------------------- */

int ks_trace_start(struct ftrace_ops *ops, const char *function);
void ks_trace_stop(struct ftrace_ops *ops, const char *function);
int ks_hook_set(bool wanted);
int ks_key_types_init(void);
extern const struct attribute_group ks_key_types_group;

/* ---- actor.c ------------------------------------------------------------ */

int ks_actor(struct key *authkey, void *aux);
void ks_actor_drain(void);

/* ---- fallback.c, legacy.c ----------------------------------------------- */

int ks_fallback(struct key *authkey, void *aux);
int ks_legacy_init(void);
int ks_legacy_call(struct key *authkey, void *aux);

/* ---- eligibility.c ------------------------------------------------------ */

/**
 * struct ks_identity - who registered, as they were when they did
 * @user_ns: a reference to what is remembered of it: a registration keeps no
 *	namespace from ending
 * @euid: effective uid
 * @egid: effective gid
 * @effective: effective capabilities, in @user_ns
 * @permitted: permitted capabilities, in @user_ns
 */
struct ks_identity {
	struct ks_namespace *user_ns;
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t effective;
	kernel_cap_t permitted;
};

int ks_identity_of_current(struct ks_identity *identity);
void ks_identity_copy(struct ks_identity *copy, const struct ks_identity *identity);
bool ks_may_serve(const struct ks_identity *registrar, const struct cred *requester);
bool ks_may_reattach(const struct ks_identity *registered, const struct ks_identity *caller);

/* ---- delivery.c --------------------------------------------------------- */

/**
 * struct ks_delivery - how an agent is told of an upcall, and how it answers
 * @name: as it stands in a registration's payload
 * @notified: counts the upcalls it has notified
 * @hands_authority: the agent can assume the authorisation key, and with it
 *	search the keyrings of the credentials in there
 * @pending_max: an agent has no more upcalls pending; 0: something else bounds them
 * @find: preparse() context. The caller's agent that @argument of the payload
 *	means; a new reference, or an ERR_PTR
 * @prepare: requester's task, may sleep, before the upcall is pending (optional)
 * @notify: requester's task, the upcall is pending; -EAGAIN when the agent can
 *	take no more, -ESRCH when it is gone, -EMSGSIZE when it cannot be told
 * @may_read: reader's task: 0, or the errno of a read(2) by somebody who can be
 *	handed nothing (optional; queues)
 * @hand: reader's task, may sleep: it has taken the upcall and is about to be
 *	told of it. An error is the requester's (optional; queues)
 * @unhand: reader's task, may sleep: undoes @hand, the reader could not be told
 *	(optional; queues)
 * @conclude: requester's task, may sleep, when the upcall is no longer pending;
 *	undoes @prepare and @hand (optional)
 * @forget: under ks_agent.lock, the upcall is leaving the pending ones (optional)
 * @closed: under ks_agent.lock, the agent has died (optional)
 * @free: last reference gone, process context
 */
struct ks_delivery {
	const char *name;
	enum ks_counter notified;
	bool hands_authority;
	unsigned int pending_max;
	struct ks_agent *(*find)(unsigned int argument);
	int (*prepare)(struct ks_upcall *upcall);
	int (*notify)(struct ks_upcall *upcall);
	int (*may_read)(void);
	int (*hand)(struct ks_upcall *upcall);
	void (*unhand)(struct ks_upcall *upcall);
	void (*conclude)(struct ks_upcall *upcall);
	void (*forget)(struct ks_upcall *upcall);
	void (*closed)(struct ks_agent *agent);
	void (*free)(struct ks_agent *agent);
};

extern const struct ks_delivery ks_delivery_signal;
extern const struct ks_delivery ks_delivery_fd_write;
extern const struct ks_delivery ks_delivery_fd_keyctl;

struct ks_agent *ks_delivery_find(const char *payload, size_t size);
int ks_delivery_signal_init(void);

/* ---- authority.c -------------------------------------------------------- */

int ks_authority_give(struct ks_upcall *upcall, struct key *keyring);
void ks_authority_take_back(struct ks_upcall *upcall);
void ks_authority_end(struct ks_upcall *upcall);

/* ---- agent.c ------------------------------------------------------------ */

/**
 * struct ks_agent - a process, or a queue, that answers upcalls
 * @refs: one each for a registration, an open queue, and every upcall
 * @delivery: how to reach it; of a queue decided once, before it is first held [lock]
 * @lock: see the top of this file
 * @attachment: number of the registration's hold on it, 0 when it has none [lock]
 * @attachments: the numbers given so far [lock]
 * @why_let_go: negative errno: what those are told who waited for the last hold [lock]
 * @dead: it has exited, or closed its queue; for ever [lock]
 * @pending: upcalls it has been, or is about to be, told of [lock]
 * @nr_pending: their number [lock]
 *
 * Embedded in the delivery's own structure.
 */
struct ks_agent {
	refcount_t refs;
	const struct ks_delivery *delivery;
	spinlock_t lock;
	u64 attachment;
	u64 attachments;
	int why_let_go;
	bool dead;
	struct list_head pending;
	unsigned int nr_pending;
};

/**
 * struct ks_attachment - a registration's hold on an agent
 * @agent: NULL: nobody
 * @number: which hold; one that has been let go never becomes valid again
 */
struct ks_attachment {
	struct ks_agent *agent;
	u64 number;
};

void ks_agent_init(struct ks_agent *agent, const struct ks_delivery *delivery);
struct ks_agent *ks_agent_get(struct ks_agent *agent);
void ks_agent_put(struct ks_agent *agent);
int ks_agent_attach(struct ks_agent *agent, struct ks_attachment *attachment);
void ks_agent_detach(struct ks_attachment *attachment, int error);
bool ks_agent_is_live(const struct ks_attachment *attachment);
void ks_agent_die(struct ks_agent *agent);
int ks_agent_admit(const struct ks_attachment *attachment, struct ks_upcall *upcall);
void ks_agent_abort(struct ks_upcall *upcall, int error);
void ks_agent_dismiss(struct ks_upcall *upcall);

/* ---- registration_key.c, route_*.c --------------------------------------- */

extern struct key_type ks_key_type_agent;

/**
 * struct ks_route - decides who answers
 * @find: requester's task, may sleep: the registration that may serve the request,
 *	its agent with a reference, dead perhaps. 0; -ENOENT there is none; any
 *	other error is the requester's
 */
struct ks_route {
	int (*find)(const struct request_key_auth *rka, struct ks_attachment *attachment);
};

extern const struct ks_route ks_route_session;
extern const struct ks_route ks_route_userns;
extern const struct ks_route ks_route_intercept;

/* ---- upcall.c ----------------------------------------------------------- */

/**
 * struct ks_upcall - one request on its way through one agent
 * @refs: the requester's, and any answer being given
 * @agent: who is to answer; a reference
 * @key: under construction; a reference
 * @authkey: its authorisation key; a reference
 * @requester_uid: real uid, of the requester
 * @requester_gid: likewise
 * @keyring: where the delivery has linked @authkey, or NULL [agent]
 * @concluded: the delivery links @authkey nowhere any more [agent]
 * @pending: in ks_agent.pending [agent]
 * @queued: in a queue, not yet read [agent]
 * @handed: an agent has read it [agent]
 * @waiter: the requester while it waits, for wake_up_process() [agent]
 * @aborted: negative errno: nobody is going to answer [agent]
 * @type: name of the key's type: the type itself may go when the request is over
 * @callout_len: strlen(@callout)
 * @callout: a copy: the authorisation key's own goes when that is revoked
 */
struct ks_upcall {
	refcount_t refs;
	struct ks_agent *agent;
	struct key *key;
	struct key *authkey;
	kuid_t requester_uid;
	kgid_t requester_gid;
	struct key *keyring;
	bool concluded;
	struct list_head pending;
	struct list_head queued;
	bool handed;
	struct task_struct *waiter;
	int aborted;
	char type[KS_KEY_TYPE_NAME_MAX];
	size_t callout_len;
	char callout[];
};

void ks_upcall_serve(const struct ks_attachment *attachment, struct key *authkey, u64 entered);
struct ks_upcall *ks_upcall_get(struct ks_upcall *upcall);
void ks_upcall_put(struct ks_upcall *upcall);
bool ks_refuse(struct key *authkey, int error);

/* ---- stages.c ----------------------------------------------------------- */

DECLARE_STATIC_KEY_FALSE(ks_stages_on);

/**
 * ks_stage_now - when is a stage reached? Costs nothing while nobody wants to know
 *
 * Return: nanoseconds of CLOCK_MONOTONIC, or 0.
 */
static inline u64 ks_stage_now(void)
{
	return static_branch_unlikely(&ks_stages_on) ? ktime_get_ns() : 0;
}

void ks_stages_add(key_serial_t serial, u64 entered, u64 told, u64 over);
long ks_stages_take(struct ks_stages __user *argument);
void ks_stages_stop(void);

/* ---- path.c ------------------------------------------------------------- */

DECLARE_STATIC_KEY_FALSE(ks_path_longer);

void ks_path_execute(void);

/**
 * ks_path_more - the instructions that the parameter path_instructions adds to an upcall; costs nothing while it is 0
 */
static inline void ks_path_more(void)
{
	if (static_branch_unlikely(&ks_path_longer))
		ks_path_execute();
}

/* ---- key_type_program.c ------------------------------------------------- */

extern struct key_type ks_key_type_program;

/* ---- queue_file.c ------------------------------------------------------- */

int ks_queue_device_register(void);
void ks_queue_device_deregister(void);
extern const struct file_operations ks_queue_fops;

/* ---- helper_execs.c ----------------------------------------------------- */

int ks_helper_execs_start(void);
void ks_helper_execs_stop(void);

#endif
