/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The keystorm module's interface to user space.
 *
 * Registering (route "session")
 * -----------------------------
 * An agent adds a key of type "keyagent" whose description is the key type it
 * serves (any but "keyring" and those of names beginning with "keyagent" or
 * ".") and links it where its requesters' session keyrings find it:
 *
 *	add_key("keyagent", "user", agent, strlen(agent), keyring)
 *
 * The payload is text that says which agent, and by which delivery:
 *
 *	"fd-write:<fd>"		<fd> is an open /dev/keystorm of the caller
 *	"fd-keyctl:<fd>"	likewise
 *	"signal:<signo>"	<signo> is a realtime signal the caller has
 *				blocked; the authorisation keys are linked into
 *				the caller's process keyring
 *
 * Adding the same description again to the same keyring updates the key, which
 * re-attaches the registration to a new agent. Only the registrar may: same
 * user namespace and effective uid, and no more capabilities than were
 * registered may be claimed (EACCES otherwise).
 *
 * States: live (an agent is attached), dead (the agent has exited, has executed
 * another program or has closed its queue; requests are refused at once with
 * ENOKEY), revoked or expired (requests are refused with EKEYREVOKED or
 * EKEYEXPIRED), withdrawn (the key was unlinked, or collected by the kernel:
 * there is no registration). Only the last is answered by the fallback. The
 * kernel collects what was invalidated at once, and what was revoked or has
 * expired after kernel.keys.gc_delay seconds (300). An update of an expired key
 * makes it live again.
 *
 * Errors of add_key: EINVAL malformed payload or description, not a realtime
 * signal, signal not blocked; EBADF / EINVAL not an open /dev/keystorm;
 * EBUSY the queue already serves a registration, or was named with the other
 * fd delivery before, successfully or not; EACCES see above; EOPNOTSUPP no agent is ever asked for keys of
 * this type. The queue is an open file: it is closed when its last descriptor
 * is, forked ones included.
 *
 * Registering (routes "userns" and "intercept")
 * ---------------------------------------------
 * ioctl(2) with KS_IOC_REGISTER on any open /dev/keystorm; struct ks_registration
 * says for whom and, in the grammar above, which agent. A queue may be used to
 * register another, or a signal.
 *
 *	userns		serves the requesters in a user namespace and, where
 *			nobody nearer is registered, in those below it
 *	intercept	serves the requesters that are in every one of the
 *			namespaces named; the most selective filter wins: the one
 *			that names most namespaces, then one for the key type before
 *			one for any, then by the first kind that only one of them
 *			names, in the order user, net, mnt, pid, uts, ipc, cgroup
 *
 * The network namespace of a request for a key type whose keys are kept apart by
 * it (dns_resolver) is that of the key.
 *
 * States: live and dead, as above; withdrawn by KS_IOC_WITHDRAW, or when a
 * namespace that it names ends. A registration keeps no namespace from ending.
 *
 * Needed is CAP_SYS_ADMIN in each user namespace that is named, in the user
 * namespace that owns each other namespace that is named, and, where none is, in
 * the initial one.
 *
 * Errors of ioctl:
 *	EINVAL	size, route, flags, nr_namespaces, a non-zero reserved part, a
 *		namespace of a kind the route does not take, two of a kind; the
 *		errors of the agent's text
 *	EBADF	namespaces[] or the agent's text name no open file
 *	EPERM	the capability is missing
 *	EEXIST	there is an equal registration, live or dead (route, key type and
 *		namespaces are the same), and KS_REATTACH is not given
 *	ENOENT	KS_REATTACH or KS_IOC_WITHDRAW, and there is none
 *	EACCES	KS_REATTACH or KS_IOC_WITHDRAW of what the caller, by the rule
 *		for add_key, may not re-attach
 *	EBUSY	the queue already serves a registration, or was used with the
 *		other fd delivery
 *	EOPNOTSUPP no agent is ever asked for keys of this type
 *	ENOSPC	KS_REGISTRATIONS_MAX there are, or KS_REGISTRATIONS_BELOW from one
 *		user namespace below the initial one and its descendants, or
 *		KS_REGISTRATIONS_OF_USER from one ordinary user of the host and the
 *		user namespaces that this user has made
 *
 * Delivery "signal"
 * -----------------
 * siginfo: si_signo, si_code = KS_SI_CODE, si_int = serial of the key under
 * construction; every other byte is zero. The agent then uses
 * KEYCTL_ASSUME_AUTHORITY, KEYCTL_INSTANTIATE or KEYCTL_REJECT. When the agent's
 * RLIMIT_SIGPENDING is reached, the requester gets EAGAIN.
 *
 * Delivery "fd-write"
 * -------------------
 * read(2) takes one request: struct ks_request followed by the NUL-terminated
 * strings; EMSGSIZE if the buffer is too small (the request stays queued),
 * EAGAIN with O_NONBLOCK; poll(2) works. KS_REQUEST_MAX bytes always suffice: a
 * requester that asks for more, as only the kernel itself can, gets EMSGSIZE.
 * While KS_QUEUE_MAX requests are pending, further ones get EAGAIN.
 * write(2) or writev(2) answers one: struct ks_answer followed by the payload.
 * Returns the number of bytes consumed (all of them), or
 *	EINVAL	malformed, or an error outside 1..511 (what is above is the
 *		kernel's own or no errno at all); the request stays pending
 *	ENOKEY	no such request was ever handed to this queue, or 512 others
 *		have ended since it did
 *	EBUSY	the request has been answered, timed out or been abandoned
 *	other	what the key type said to the payload; the request stays pending
 *
 * Delivery "fd-keyctl"
 * --------------------
 * read(2) as above. It also links the authorisation key into the process keyring
 * of the thread that reads, which is made if there is none, until the request is
 * over: only that thread, and those that share the keyring, can answer, with
 * KEYCTL_ASSUME_AUTHORITY and so on. If that cannot be done (EDQUOT, say) its
 * requester gets the error, and read() goes on to the next. write(2) is
 * EOPNOTSUPP, and so is read(2) under borrowed credentials or by a thread of
 * io_uring's. A queue has one delivery for ever: that of its first registration.
 *
 * Key type "usermode_helper"
 * --------------------------
 * To request one is to have the program named in the callout information executed,
 * by the agent if there is one. The payload is text: a line that says how it ended,
 * "exit <status>" or "signal <number>", and then what it wrote to its standard output.
 *
 * Stages
 * ------
 * While the parameter "stages" is 1, each upcall that an agent was told of leaves
 * a struct ks_stage, in the order in which they ended. ioctl(2) with KS_IOC_STAGES
 * on any open /dev/keystorm takes the oldest. Setting "stages" to 1 when it was 0
 * forgets what is there; setting it to 0 does not.
 *
 * Errors: EPERM the caller lacks CAP_SYS_ADMIN in the initial user namespace;
 * EINVAL size, a non-zero lost, nr above KS_STAGES_MAX; EFAULT a bad address:
 * records copied there are lost; ENOMEM.
 */
#ifndef KEYSTORM_UAPI_H
#define KEYSTORM_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KS_DEVICE		"/dev/keystorm"
#define KS_KEY_TYPE_AGENT	"keyagent"

/* si_code of a notification: negative, hence not claimable by the kernel's
 * own senders, and told apart from SI_QUEUE. A process may forge it with
 * rt_sigqueueinfo(2): the serial is a hint, the authority is the key.
 */
#define KS_SI_CODE		(-1001)

/* Requests one queue holds, notified or not; beyond it EAGAIN at once. */
#define KS_QUEUE_MAX		256

#define KS_REQUEST_VERSION	1

struct ks_request {
	__u32 size;		/* whole message, this header included */
	__u32 version;		/* KS_REQUEST_VERSION */
	__s32 serial;		/* key under construction */
	__u32 uid;		/* requester's real uid, in the reader's user namespace */
	__u32 gid;		/* likewise */
	__u32 type_len;		/* strlen of each string that follows; each */
	__u32 desc_len;		/*   is followed by one NUL not counted here */
	__u32 callout_len;
	/* char type[], description[], callout[] */
};

/* The longest that request_key(2) can lead to: type, description and callout, each with its NUL. */
#define KS_REQUEST_MAX		(sizeof(struct ks_request) + 32 + 4096 + 4096)

struct ks_answer {
	__s32 serial;
	__u32 error;		/* 0: instantiate with the payload; else reject with this errno */
	__u32 timeout;		/* seconds a rejection lasts, when error != 0 */
	__u32 payload_len;	/* bytes that follow; 0 with error != 0 */
	/* char payload[] */
};

#define KS_ROUTE_USERNS		1
#define KS_ROUTE_INTERCEPT	2

/* Exchange the agent of a registration that is there. */
#define KS_REATTACH		1

#define KS_NAMESPACES_MAX	8

/* Registrations there may be in all, and from one child of the initial user namespace. */
#define KS_REGISTRATIONS_MAX	4096
#define KS_REGISTRATIONS_BELOW	64
#define KS_REGISTRATIONS_OF_USER 512

struct ks_registration {
	__u32 size;		/* sizeof(struct ks_registration) */
	__u32 route;		/* KS_ROUTE_USERNS or KS_ROUTE_INTERCEPT */
	__u32 flags;		/* KS_REATTACH, or 0; KS_IOC_WITHDRAW: 0 */
	__u32 nr_namespaces;	/* userns: 0 is the caller's own, or 1; intercept: 0..7, one of a kind */
	__s32 namespaces[KS_NAMESPACES_MAX];	/* descriptors of /proc/PID/ns/...; the rest 0 */
	char key_type[32];	/* NUL-terminated, the rest 0; "" is any */
	char agent[40];		/* likewise; KS_IOC_WITHDRAW: all 0 */
};

#define KS_IOC_REGISTER		_IOW('k', 0xE0, struct ks_registration)
#define KS_IOC_WITHDRAW		_IOW('k', 0xE1, struct ks_registration)

/* Records kept, unless stages_room says fewer; what comes while there are so many is counted as lost. */
#define KS_STAGES_MAX		65536

/* Times are nanoseconds of CLOCK_MONOTONIC. */
struct ks_stage {
	__s32 serial;		/* key under construction */
	__u32 reserved;		/* 0 */
	__u64 entered;		/* the request came to the module */
	__u64 told;		/* the agent was about to be notified */
	__u64 over;		/* the requester's wait had ended */
};

struct ks_stages {
	__u32 size;		/* sizeof(struct ks_stages) */
	__u32 nr;		/* in: room for so many; out: so many were taken */
	__u64 records;		/* address of struct ks_stage[nr] */
	__u64 lost;		/* in: 0; out: records lost since this was last asked */
};

#define KS_IOC_STAGES		_IOWR('k', 0xE2, struct ks_stages)

#define KS_KEY_TYPE_PROGRAM	"usermode_helper"

/*
 * Settings: /sys/module/keystorm/parameters/, root of the init namespaces only
 *
 *	mode		which requests go where. EBUSY, said in the kernel log: another
 *			user of the kernel's tracing diverts them already
 *			"off"		the kernel does with them what it always does
 *			"session"	requests go to keyagents
 *			"userns"	to the nearest agent up the user namespaces
 *			"intercept"	to the agent with the most selective filter
 *			"null"		the module instantiates at once, payload
 *					"null" (a floor: the key machinery alone)
 *	fallback	what becomes of a request without an eligible agent:
 *			"stock"		/sbin/request-key
 *			"refuse"	ENOKEY at the boundary: a requester that is
 *					not in all the init namespaces is refused;
 *					one that is gets /sbin/request-key
 *	timeout_ms	how long an agent may take, 1..3600000, default 30000;
 *			then the request is rejected with ENOKEY
 *	refusal_s	seconds a refusal by the module stays as a negative key,
 *			0..3600, default 1; what a killed requester leaves
 *			behind has expired already
 *	stages		0 or 1, default 0, not to be given on loading: see above
 *	stages_room	1..KS_STAGES_MAX, the default: how many records are kept,
 *			from the next time on that stages is set to 1
 *
 * Counters: /sys/class/misc/keystorm/counters/<name>, one decimal each, never reset;
 * only registrations and in_flight go down
 *
 *	notified_signal, notified_fd_write, notified_fd_keyctl
 *				upcalls notified to an agent, by delivery
 *	null			answered by the module itself
 *	fallback_stock, fallback_refused	upcalls that found no eligible agent
 *	ineligible		agents found but not allowed to serve the requester;
 *				a request may pass several
 *	dead			refused because the agent was dead
 *	timeouts, killed, queue_full
 *	registrations		made by ioctl and there now, live or dead
 *	namespace_ends		of them, withdrawn because a namespace ended
 *	in_flight		requests being worked on now
 *	helper_execs		exec()s of /sbin/request-key, whoever caused them
 *				(tracepoint sched_process_exec)
 *	helper_execs_init	those of them that ran in the init user namespace
 *
 * Key types: /sys/class/misc/keystorm/key_types, a line for each that is
 * registered now: its name and
 *
 *	served			requests for it come here, unless the mode is off
 *	own-actor		it has an actor of its own, which is left alone
 *	never-requested		the kernel never makes an upcall for it
 */

#endif
