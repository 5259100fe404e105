/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The keystorm module's interface to user space.
 *
 * Registering (route "session")
 * -----------------------------
 * An agent adds a key of type "keyagent" whose description is the key type it
 * serves ("user") and links it where its requesters' session keyrings find it:
 *
 *	add_key("keyagent", "user", payload, strlen(payload), keyring)
 *
 * The payload is text, it names the delivery:
 *
 *	"fd-write:<fd>"		<fd> is an open /dev/keystorm of the caller
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
 * EKEYEXPIRED), withdrawn (the key was unlinked, or invalidated and collected:
 * there is no registration). Only the last is answered by the fallback.
 *
 * Errors of add_key: EINVAL malformed payload or description, not a realtime
 * signal, signal not blocked; EBADF / EINVAL not an open /dev/keystorm;
 * EBUSY the queue already serves a registration; EACCES see above;
 * EOPNOTSUPP the key type is not served by this module. The queue is an open
 * file: it is closed when its last descriptor is, forked ones included.
 *
 * Delivery "signal"
 * -----------------
 * siginfo: si_signo, si_code = KS_SI_CODE, si_int = serial of the key under
 * construction; every other byte is zero. The agent then uses
 * KEYCTL_ASSUME_AUTHORITY, KEYCTL_INSTANTIATE or KEYCTL_REJECT.
 *
 * Delivery "fd-write"
 * -------------------
 * read(2) takes one request: struct ks_request followed by the NUL-terminated
 * strings; EMSGSIZE if the buffer is too small (the request stays queued),
 * EAGAIN with O_NONBLOCK; poll(2) works. 4 KiB + 4 KiB + header always suffice.
 * write(2) or writev(2) answers one: struct ks_answer followed by the payload.
 * Returns the number of bytes consumed (all of them), or
 *	EINVAL	malformed, or an error outside 1..511 (what is above is the
 *		kernel's own or no errno at all); the request stays pending
 *	ENOKEY	no such request was ever handed to this queue, or 512 others
 *		have ended since it did
 *	EBUSY	the request has been answered, timed out or been abandoned
 *	other	what the key type said to the payload; the request stays pending
 */
#ifndef KEYSTORM_UAPI_H
#define KEYSTORM_UAPI_H

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

struct ks_answer {
	__s32 serial;
	__u32 error;		/* 0: instantiate with the payload; else reject with this errno */
	__u32 timeout;		/* seconds a rejection lasts, when error != 0 */
	__u32 payload_len;	/* bytes that follow; 0 with error != 0 */
	/* char payload[] */
};

/*
 * Settings: /sys/module/keystorm/parameters/, root of the init namespaces only
 *
 *	mode		"off"		key types are as the kernel made them
 *			"session"	requests go to keyagents
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
 *
 * Counters: /sys/class/misc/keystorm/counters/<name>, one decimal each, never reset
 *
 *	session_signal, session_fd_write	upcalls notified to an agent
 *	null			answered by the module itself
 *	fallback_stock, fallback_refused	upcalls that found no eligible agent
 *	ineligible		agents found but not allowed to serve the requester
 *	dead			refused because the agent was dead
 *	timeouts, killed, queue_full
 *	in_flight		requests being worked on now
 *	helper_execs		exec()s of /sbin/request-key, whoever caused them
 *				(tracepoint sched_process_exec)
 *	helper_execs_init	those of them that ran in the init user namespace
 */

#endif
