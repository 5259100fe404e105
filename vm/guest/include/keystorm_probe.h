/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The probe module's interface to user space. keystorm_probe.ko asks for keys as
 * a file system or another kernel service would: from inside the kernel, in the
 * calling task.
 *
 * Only who has CAP_SYS_ADMIN in the init user namespace may open the device. The
 * descriptor may then be passed on: whoever calls ioctl(2) on it is the
 * requester, as who walks into an automount point is.
 *
 * Errors: EPERM opening without the capability; EINVAL wrong size, unknown flags,
 * a field without a NUL, or one that must be empty and is not; ENOPKG no such key
 * type; EMSGSIZE the payload does not fit; EOPNOTSUPP keys of the type cannot be
 * read; otherwise what the kernel says to a request.
 */
#ifndef KEYSTORM_PROBE_H
#define KEYSTORM_PROBE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KSP_DEVICE	"/dev/keystorm_probe"

/* Ask with credentials of the probe's own (root's, with a keyring of their own),
 * as cifs.spnego and id_resolver do; else with the calling task's.
 */
#define KSP_BORROWED	1u

/* Ask with a callout of KSP_LONG bytes, longer than request_key(2) takes. callout is not looked at. */
#define KSP_LONG_CALLOUT 2u
#define KSP_LONG	16384

struct ksp_request {
	__u32 size;		/* sizeof(struct ksp_request) */
	__u32 flags;
	__s32 serial;		/* out: the key; 0 where the kernel does not say */
	__u32 payload_len;	/* out: bytes of payload[] */
	char type[32];		/* the key type; "" for KSP_IOC_DNS_QUERY */
	char description[256];	/* for KSP_IOC_DNS_QUERY the name to resolve */
	char callout[256];	/* "" is none, yet asks for an upcall */
	char payload[1024];	/* out */
};

/* dns_query() for an address, in the caller's network namespace. No flags: dns_query() borrows credentials by itself. */
#define KSP_IOC_DNS_QUERY	_IOWR('k', 0xF0, struct ksp_request)
/* request_key() */
#define KSP_IOC_REQUEST		_IOWR('k', 0xF1, struct ksp_request)

#endif
