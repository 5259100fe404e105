// SPDX-License-Identifier: MIT
/* The key types keyagent and usermode_helper through add_key(2) and keyctl(2), and request_key(2) for keys of any type. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define PAYLOAD_MAX (1024u * 1024 + 16)
#define KEYS 8
#define DESCRIPTION_MAX 4200

static const char *const types[] = {
	"user", "user", "logon", "usermode_helper", "keyagent", "keyagent_rfc", "keyring", "encrypted", "asymmetric", "big_key",
	"dns_resolver", ".request_key_auth", "", "no-such-type", "a-type-whose-name-is-longer-than-any-may-be-that-is-32",
};
static ks_key_serial keys[KEYS];

static ks_key_serial draw_key(void)
{
	static const ks_key_serial special[] = {
		KEY_SPEC_THREAD_KEYRING, KEY_SPEC_PROCESS_KEYRING, KEY_SPEC_SESSION_KEYRING, KEY_SPEC_USER_KEYRING,
		KEY_SPEC_USER_SESSION_KEYRING, KEY_SPEC_GROUP_KEYRING, KEY_SPEC_REQKEY_AUTH_KEY, KEY_SPEC_REQUESTOR_KEYRING, 0,
	};

	switch (draw(8)) {
	case 0:
		return draw_of(special);
	case 1:
		return (ks_key_serial)draw_edge();
	default:
		return keys[draw(KEYS)];
	}
}

static const char *draw_description(void)
{
	static const char *const usual[] = { "user", "logon", "usermode_helper", "keyring", "keyagent", ".x", "dns_resolver" };
	static char description[DESCRIPTION_MAX];
	size_t size;

	if (!once_in(3))
		return draw_of(usual);
	size = once_in(8) ? draw(DESCRIPTION_MAX - 1) : draw(64);
	draw_bytes(description, size);
	description[size] = '\0';
	return description;
}

static size_t draw_payload(unsigned char *payload)
{
	size_t size;

	if (!once_in(3)) {
		draw_agent((char *)payload);
		return strnlen((char *)payload, 40) + once_in(16);
	}
	size = once_in(64) ? draw(PAYLOAD_MAX) : draw(once_in(8) ? 33000 : 64);
	draw_bytes(payload, size < 512 ? size : 512);
	return size;
}

static unsigned char payload[PAYLOAD_MAX];

static void forget_some(void)
{
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
	memset(keys, 0, sizeof(keys));
}

void fuzz_add_key(void)
{
	bool agent = !once_in(3);
	enum interface interface = agent ? ADD_KEY_AGENT : ADD_KEY_PROGRAM;
	size_t size = draw_payload(payload);
	ks_key_serial keyring = once_in(8) ? draw_key() : KEY_SPEC_SESSION_KEYRING;
	long key;

	/* Quotas are large in this guest, and memory is not. */
	if (once_in(48))
		forget_some();
	calling(interface);
	key = called(interface, ks_add_key(agent ? KS_KEY_TYPE_AGENT : KS_KEY_TYPE_PROGRAM,
					   once_in(32) ? draw_bad_address() : draw_description(),
					   once_in(32) ? draw_bad_address() : (void *)payload, once_in(32) ? draw_edge() : size, keyring));
	if (key > 0)
		keys[draw(KEYS)] = (ks_key_serial)key;
}

void fuzz_keyctl(void)
{
	static const int commands[] = {
		KEYCTL_REVOKE, KEYCTL_INVALIDATE, KEYCTL_SET_TIMEOUT, KEYCTL_UNLINK, KEYCTL_LINK, KEYCTL_SETPERM, KEYCTL_CHOWN,
		KEYCTL_DESCRIBE, KEYCTL_READ, KEYCTL_SEARCH, KEYCTL_ASSUME_AUTHORITY, KEYCTL_INSTANTIATE, KEYCTL_NEGATE, KEYCTL_REJECT,
		KEYCTL_GET_SECURITY, KEYCTL_GET_KEYRING_ID, KEYCTL_MOVE, KEYCTL_CAPABILITIES,
	};
	size_t size;

	if (!once_in(3)) {
		size = draw_payload(payload);
		calling(UPDATE_KEY);
		called(UPDATE_KEY, syscall(SYS_keyctl, KEYCTL_UPDATE, draw_key(), payload, size));
		return;
	}
	calling(OTHER_KEYCTL);
	switch (draw(8)) {
	case 0:
		called(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_SEARCH, draw_key(), draw_of(types), draw_description(), 0));
		break;
	case 1:
		called(OTHER_KEYCTL, syscall(SYS_keyctl, KEYCTL_RESTRICT_KEYRING, draw_key(), draw_of(types), "x"));
		break;
	case 2:
		called(OTHER_KEYCTL, ks_session_new());
		break;
	default:
		called(OTHER_KEYCTL, syscall(SYS_keyctl, draw_of(commands), draw_key(), draw_edge(), draw_edge(), draw_key()));
		break;
	}
}

/* With callout information the module is asked; then a request may last as long as the module's timeout. */
void fuzz_request_key(void)
{
	const char *callout = once_in(4) ? (once_in(8) ? draw_bad_address() : draw_description()) : NULL;
	const char *type = once_in(32) ? draw_bad_address() : draw_of(types);
	const char *description = once_in(32) ? draw_bad_address() : draw_description();
	ks_key_serial keyring = once_in(4) ? draw_key() : KEY_SPEC_SESSION_KEYRING;
	long key;

	calling(REQUEST_KEY);
	key = called(REQUEST_KEY, ks_request_key(type, description, callout, keyring));
	if (key > 0)
		keys[draw(KEYS)] = (ks_key_serial)key;
}
