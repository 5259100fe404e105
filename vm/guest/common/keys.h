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

/* Permissions of a key (the kernel's KEY_POS_VIEW and so on, which its headers for user space lack), and whose they are. */
#define KS_PERM_VIEW 0x01u
#define KS_PERM_READ 0x02u
#define KS_PERM_WRITE 0x04u
#define KS_PERM_SEARCH 0x08u
#define KS_PERM_LINK 0x10u
#define KS_PERM_SETATTR 0x20u
#define KS_PERM_ALL 0x3fu
#define KS_POSSESSOR(permissions) ((permissions) << 24)
#define KS_USER(permissions) ((permissions) << 16)
#define KS_OTHER(permissions) (permissions)

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

static inline long ks_key_link(ks_key_serial key, ks_key_serial keyring)
{
	return syscall(SYS_keyctl, KEYCTL_LINK, key, keyring);
}

static inline long ks_key_set_permissions(ks_key_serial key, uint32_t permissions)
{
	return syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions);
}

/** The key of that type and description in a keyring or below it. */
static inline ks_key_serial ks_keyring_search(ks_key_serial keyring, const char *type, const char *description)
{
	return (ks_key_serial)syscall(SYS_keyctl, KEYCTL_SEARCH, keyring, type, description, 0);
}

/** Leaves the session keyring for a new one without a name. */
static inline ks_key_serial ks_session_new(void)
{
	return (ks_key_serial)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

/** The real serial behind a special one (KEY_SPEC_…), created if need be. */
static inline ks_key_serial ks_keyring_id(ks_key_serial special)
{
	return (ks_key_serial)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, special, 1);
}

#endif
