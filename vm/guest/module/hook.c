// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where upcalls enter: the request_key operation of the key types we serve. It
 * is NULL when the mode is off, so the kernel's own path is then untouched.
 */
#include <linux/key-type.h>
#include <linux/string.h>
#include <keys/user-type.h>

#include "keystorm.h"

static struct key_type * const ks_served[] = { &key_type_user };

/**
 * ks_hook_serves - can an agent register for keys of this type?
 * @key_type: a key type's name
 */
bool ks_hook_serves(const char *key_type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ks_served); i++)
		if (!strcmp(ks_served[i]->name, key_type))
			return true;
	return false;
}

/**
 * ks_hook_set - have requests for keys of the served types go to @actor
 * @actor: who gets them; NULL gives them back to the kernel
 *
 * Caller serialises. A task may be on its way into the old actor when this
 * returns; see ks_actor_drain().
 *
 * Return: 0, or -EBUSY when someone else has taken a type: nothing is changed then.
 */
int ks_hook_set(request_key_actor_t actor)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ks_served); i++) {
		request_key_actor_t now = READ_ONCE(ks_served[i]->request_key);

		if (now && now != ks_actor)
			return -EBUSY;
	}
	for (i = 0; i < ARRAY_SIZE(ks_served); i++)
		WRITE_ONCE(ks_served[i]->request_key, actor);
	return 0;
}
