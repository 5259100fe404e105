// SPDX-License-Identifier: MIT
#include "keyring_acts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

static void tell(int channel, struct acted *acted)
{
	acted->error = acted->result < 0 ? errno : 0;
	require(write(channel, acted, sizeof(*acted)) == sizeof(*acted), "cannot tell what came of an operation on a key");
}

static void do_act(int channel, const void *argument)
{
	const struct act *act = argument;
	struct acted acted = { 0 };

	switch (act->operation) {
	case KEYCTL_DESCRIBE:
	case KEYCTL_READ:
		/* Of a keyring, serials are read, and no part of one. */
		acted.result = syscall(SYS_keyctl, act->operation, act->key, acted.text, sizeof(acted.text) - sizeof(act->key));
		break;
	case KEYCTL_SET_TIMEOUT:
		acted.result = syscall(SYS_keyctl, act->operation, act->key, act->seconds);
		break;
	default:
		acted.result = syscall(SYS_keyctl, act->operation, act->key, act->keyring, NULL);
	}
	tell(channel, &acted);
}

static void do_add(int channel, const void *argument)
{
	const struct addition *addition = argument;
	size_t size = strlen(addition->payload);
	struct acted acted = { 0 };

	acted.result = ks_add_key(addition->type, addition->description, size ? addition->payload : NULL, size, addition->keyring);
	tell(channel, &acted);
}

struct task act_start(const struct place *place, const struct act *act)
{
	return place_start(place, do_act, act, sizeof(*act));
}

struct task add_start(const struct place *place, const struct addition *addition)
{
	return place_start(place, do_add, addition, sizeof(*addition));
}

struct acted act_end(struct task *task)
{
	struct acted acted;

	require(task_tells(task, &acted, sizeof(acted), PATIENCE_MS), "an operation on a key has not ended after %d ms", PATIENCE_MS);
	task_end(task);
	return acted;
}

struct acted act_in(const struct place *place, const struct act *act)
{
	struct task task = act_start(place, act);

	return act_end(&task);
}

struct acted add_in(const struct place *place, const struct addition *addition)
{
	struct task task = add_start(place, addition);

	return act_end(&task);
}

bool act_finds_link(const struct place *place, ks_key_serial keyring, ks_key_serial key)
{
	struct acted acted = act_in(place, &(struct act){ .operation = KEYCTL_READ, .key = keyring });
	ks_key_serial linked;

	require(!acted.error && acted.result < ACT_TEXT_MAX, "cannot list a keyring: %s", strerror(acted.error));
	for (long at = 0; at < acted.result; at += (long)sizeof(linked)) {
		memcpy(&linked, acted.text + at, sizeof(linked));
		if (linked == key)
			return true;
	}
	return false;
}
