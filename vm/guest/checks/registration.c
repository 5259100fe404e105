// SPDX-License-Identifier: MIT
#include "registration.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "mechanism.h"
#include "namespaces.h"

#define KEY_TYPE "user"
#define KEY_TYPE_RFC "keyagent_rfc"
#define AGENT_TEXT_MAX sizeof(((struct ks_registration *)NULL)->agent)

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

struct ks_registration registration_new(const char *type)
{
	struct ks_registration registration = { .size = sizeof(registration) };

	registration.route = mechanism.route == ROUTE_USERNS ? KS_ROUTE_USERNS : KS_ROUTE_INTERCEPT;
	snprintf(registration.key_type, sizeof(registration.key_type), "%s", type);
	return registration;
}

void registration_name(struct ks_registration *registration, int namespace)
{
	registration->namespaces[registration->nr_namespaces++] = namespace;
}

struct ks_registration registration_for(pid_t pid, const char *type)
{
	struct ks_registration registration = registration_new(type);

	registration_name(&registration, namespace_open(pid, "user"));
	if (mechanism.route == ROUTE_INTERCEPT)
		registration_name(&registration, namespace_open(pid, "net"));
	return registration;
}

/* In the module's words: which agent, by the delivery under check. */
static void agent_text(char text[AGENT_TEXT_MAX], int queue)
{
	snprintf(text, AGENT_TEXT_MAX, "%s:%d", delivery_words[mechanism.delivery],
		 mechanism.delivery == DELIVERY_SIGNAL ? agent_signal() : queue);
}

void registration_tell(struct ks_registration *registration, int queue)
{
	if (mechanism.delivery == DELIVERY_SIGNAL)
		block_agent_signal();
	agent_text(registration->agent, queue);
}

static int enlist_key(const char *type, int queue)
{
	char text[AGENT_TEXT_MAX];

	agent_text(text, queue);
	return ks_add_key(registration_key_type(), type, text, strlen(text), KEY_SPEC_SESSION_KEYRING) > 0 ? 0 : -1;
}

static int enlist_by_ioctl(const char *type, int queue, bool network)
{
	struct ks_registration registration = registration_new(type);
	int result, error;

	registration_name(&registration, namespace_open(0, "user"));
	if (mechanism.route == ROUTE_INTERCEPT && network)
		registration_name(&registration, namespace_open(0, "net"));
	agent_text(registration.agent, queue);
	result = ioctl(queue, KS_IOC_REGISTER, &registration);
	if (result && errno == EEXIST) {
		registration.flags = KS_REATTACH;
		result = ioctl(queue, KS_IOC_REGISTER, &registration);
	}
	error = errno;
	for (unsigned int i = 0; i < registration.nr_namespaces; i++)
		close(registration.namespaces[i]);
	errno = error;
	return result;
}

int registration_enlist(const char *type, int queue, bool network)
{
	/* Nobody makes one for the RFC's agents. */
	if (mechanism.delivery == DELIVERY_SIGNAL)
		require(ks_keyring_id(KEY_SPEC_PROCESS_KEYRING) > 0, "no process keyring: %s", strerror(errno));
	return registration_is_key() ? enlist_key(type, queue) : enlist_by_ioctl(type, queue, network);
}

static void withdraw_by_ioctl(void)
{
	struct ks_registration registration = registration_for(0, KEY_TYPE);

	require(!ioctl(open_queue(), KS_IOC_WITHDRAW, &registration), "cannot withdraw a registration: %s", strerror(errno));
}

static void withdraw(int channel, const void *argument)
{
	(void)argument;
	if (registration_is_key())
		withdraw_key();
	else
		withdraw_by_ioctl();
	task_done(channel);
}

void registration_withdraw(const struct place *place)
{
	place_do(place, withdraw, NULL, 0);
}
