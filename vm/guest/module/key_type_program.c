// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type "usermode_helper". To request a key of it is to have the program
 * named in the callout information executed; the key holds what came of it. It
 * has no actor of its own: it takes the way of every other type, so that an agent
 * executes the program in its own namespaces, or the fallback does.
 *
 * The payload is treated as that of a "user" key.
 */
#include <keys/user-type.h>

#include "keystorm.h"
#include "keystorm_uapi.h"

struct key_type ks_key_type_program = {
	.name = KS_KEY_TYPE_PROGRAM,
	.preparse = user_preparse,
	.free_preparse = user_free_preparse,
	.instantiate = generic_key_instantiate,
	.update = user_update,
	.revoke = user_revoke,
	.destroy = user_destroy,
	.describe = user_describe,
	.read = user_read,
};
