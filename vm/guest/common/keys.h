/* SPDX-License-Identifier: MIT */
/* The key system calls, which the C library does not wrap. Each returns what the kernel says, or -1 with errno. */
#ifndef KS_KEYS_H
#define KS_KEYS_H

#include <linux/keyctl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int32_t ks_key_serial;

static inline ks_key_serial ks_add_key(const char *type, const char *description, const void *payload, size_t size,
				       ks_key_serial keyring)
{
	return (ks_key_serial)syscall(SYS_add_key, type, description, payload, size, keyring);
}

static inline ks_key_serial ks_request_key(const char *type, const char *description, const char *callout,
					   ks_key_serial keyring)
{
	return (ks_key_serial)syscall(SYS_request_key, type, description, callout, keyring);
}

static inline long ks_key_read(ks_key_serial key, void *buffer, size_t size)
{
	return syscall(SYS_keyctl, KEYCTL_READ, key, buffer, size);
}

static inline long ks_keyring_clear(ks_key_serial keyring)
{
	return syscall(SYS_keyctl, KEYCTL_CLEAR, keyring);
}

static inline long ks_key_unlink(ks_key_serial key, ks_key_serial keyring)
{
	return syscall(SYS_keyctl, KEYCTL_UNLINK, key, keyring);
}

/** The real serial behind a special one (KEY_SPEC_…), created if need be. */
static inline ks_key_serial ks_keyring_id(ks_key_serial special)
{
	return (ks_key_serial)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, special, 1);
}

#endif
