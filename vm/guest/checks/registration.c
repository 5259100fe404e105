// SPDX-License-Identifier: MIT
#include "registration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "mechanism.h"

#define KEY_TYPE "user"
#define KEY_TYPE_RFC "keyagent_rfc"

const char *registration_key_type(void)
{
	return mechanism.route == ROUTE_SESSION_RFC ? KEY_TYPE_RFC : KS_KEY_TYPE_AGENT;
}

bool registration_is_key(void)
{
	return mechanism.route == ROUTE_SESSION || mechanism.route == ROUTE_SESSION_RFC;
}

/* Anybody: as the owner would who wants to be linked. */
static void find_key(int channel, const void *argument)
{
	ks_key_serial key = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, registration_key_type(), KEY_TYPE);

	(void)argument;
	require(key > 0, "the session keyring holds no %s key: %s", registration_key_type(), strerror(errno));
	require(!ks_key_set_permissions(key, KS_POSSESSOR(KS_PERM_ALL) | KS_USER(KS_PERM_VIEW | KS_PERM_LINK) | KS_OTHER(KS_PERM_LINK)),
		"cannot let others link a registration: %s", strerror(errno));
	require(write(channel, &key, sizeof(key)) == sizeof(key), "cannot tell a serial");
}

ks_key_serial registration_key_for_all(const struct place *place)
{
	struct task task = place_start(place, find_key, NULL, 0);
	ks_key_serial key;

	require(task_tells(&task, &key, sizeof(key), PATIENCE_MS), "nobody told the serial of a registration");
	task_end(&task);
	return key;
}

static void withdraw_key(void)
{
	/* There is nothing else in it; and the RFC's, of a dead agent, is revoked, so it would not be found. */
	require(!ks_keyring_clear(KEY_SPEC_SESSION_KEYRING), "cannot unlink a registration: %s", strerror(errno));
}

static int open_namespace(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	require(fd >= 0, "cannot open %s: %s", path, strerror(errno));
	return fd;
}

static void withdraw_by_ioctl(void)
{
	struct ks_registration registration = { .size = sizeof(registration), .key_type = KEY_TYPE };

	registration.route = mechanism.route == ROUTE_USERNS ? KS_ROUTE_USERNS : KS_ROUTE_INTERCEPT;
	/* As agent.h says of an own agent: user,net; with userns it is its own user namespace. */
	if (mechanism.route == ROUTE_INTERCEPT) {
		registration.nr_namespaces = 2;
		registration.namespaces[0] = open_namespace("/proc/self/ns/user");
		registration.namespaces[1] = open_namespace("/proc/self/ns/net");
	}
	require(!ioctl(open_queue(), KS_IOC_WITHDRAW, &registration), "cannot withdraw a registration: %s", strerror(errno));
}

static void withdraw(int channel, const void *argument)
{
	(void)argument;
	if (registration_is_key())
		withdraw_key();
	else
		withdraw_by_ioctl();
	require(write(channel, "", 1) == 1, "cannot report a withdrawal");
}

void registration_withdraw(const struct place *place)
{
	struct task task = place_start(place, withdraw, NULL, 0);
	char done;

	require(task_tells(&task, &done, 1, PATIENCE_MS), "a registration was not withdrawn");
	task_end(&task);
}
