// SPDX-License-Identifier: MIT
#include "authority.h"

#include <errno.h>
#include <string.h>

#include "harness.h"

int assume(ks_key_serial key)
{
	return syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) < 0 ? errno : 0;
}

int instantiate(ks_key_serial key, const char *text)
{
	return syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, text, strlen(text), 0) ? errno : 0;
}

void answer_by_keyctl(ks_key_serial key, const char *text)
{
	int error = assume(key);

	require(!error, "cannot assume the authority: %s", strerrorname_np(error));
	error = instantiate(key, text);
	require(!error, "instantiate: %s", strerrorname_np(error));
}

bool has_process_keyring(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 0) > 0;
}

void require_nothing_linked(void)
{
	ks_key_serial linked[16];
	long size = ks_key_read(KEY_SPEC_PROCESS_KEYRING, linked, sizeof(linked));

	require(size == 0, "%ld bytes of links are in the reader's process keyring", size);
}

void await_nothing_linked(void)
{
	await_counter("in_flight", 0);
	require_nothing_linked();
}
