// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading. What this is, and what it is not, stands in rfc.h. */
#include <linux/key-type.h>
#include <linux/module.h>

#include "keystorm.h"
#include "rfc.h"

static int __init rfc_init(void)
{
	int ret;

	ret = ks_symbols_init();
	if (ret)
		return ret;
	ret = ks_guard();
	if (ret)
		return ret;
	ret = register_key_type(&rfc_key_type_keyagent);
	if (ret)
		return ret;
	ret = rfc_actor_start();
	if (ret)
		unregister_key_type(&rfc_key_type_keyagent);
	return ret;
}

/* No request is in the actor, or the module would be in use. */
static void __exit rfc_exit(void)
{
	rfc_actor_stop();
	rfc_told_end();
	unregister_key_type(&rfc_key_type_keyagent);
}

module_init(rfc_init);
module_exit(rfc_exit);

MODULE_DESCRIPTION("the control flow of the keyagent RFC of 2022, for comparison");
MODULE_AUTHOR("keystorm");
MODULE_LICENSE("GPL");
