// SPDX-License-Identifier: MIT
/*
 * ks-answer-by-type <key>: what a helper executes for keys of types that have an answer of their own: dns_resolver and usermode_helper.
 * It answers from the namespaces it is executed in, or rejects the key with the reason. A rule of request-key.conf
 * may name it too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/keys.h"
#include "../common/name_lookup.h"
#include "../common/program.h"

#define TEXT_MAX (4096 + 128)
#define REJECTION_S 1
/* Longer than any answer may take. The container's files may be such as never to be read to their end. */
#define PATIENCE_S 30

static struct {
	char payload[TEXT_MAX];
	char described[TEXT_MAX];
	char callout[TEXT_MAX];
} text;

_Static_assert(TEXT_MAX >= KS_PROGRAM_PAYLOAD_MAX, "a payload holds what a program writes");

static int fail(const char *what)
{
	fprintf(stderr, "ks-answer-by-type: %s: %s\n", what, strerror(errno));
	return 1;
}

static long look_up(const char *description)
{
	return ks_name_lookup(description, text.callout, text.payload, sizeof(text.payload));
}

static long answer(ks_key_serial key)
{
	char *rest = text.described, *type = strsep(&rest, ";"), *uid = strsep(&rest, ";"), *gid = strsep(&rest, ";");

	strsep(&rest, ";");
	if (!rest)
		return -EINVAL;
	if (strcmp(type, "usermode_helper") == 0)
		return ks_program_answer(text.callout, (uid_t)strtoul(uid, NULL, 10), (gid_t)strtoul(gid, NULL, 10), text.payload);
	if (strcmp(type, "dns_resolver") != 0)
		return -EOPNOTSUPP;
	syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, KS_NAME_LIFETIME_S);
	return look_up(rest);
}

int main(int argc, char **argv)
{
	ks_key_serial key = argc == 2 ? atoi(argv[1]) : 0;
	long size;

	if (key <= 0) {
		fputs("ks-answer-by-type: takes the serial of a key under construction\n", stderr);
		return 2;
	}
	alarm(PATIENCE_S);
	if (syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) < 0)
		return fail("cannot assume the authority over the key");
	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, text.described, sizeof(text.described)) < 0 ||
	    ks_key_read(KEY_SPEC_REQKEY_AUTH_KEY, text.callout, sizeof(text.callout) - 1) < 0)
		return fail("cannot learn what the key is to be");
	size = answer(key);
	if (size < 0 && syscall(SYS_keyctl, KEYCTL_REJECT, key, REJECTION_S, -size, 0) < 0)
		return fail("cannot reject the key");
	if (size >= 0 && syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, text.payload, size, 0) < 0)
		return fail("cannot instantiate the key");
	return 0;
}
