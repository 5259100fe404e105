// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading. */
#include <linux/key-type.h>
#include <linux/module.h>

#include "keystorm.h"

static int __init ks_init(void)
{
	int ret;

	ret = ks_symbols_init();
	if (ret)
		return ret;
	ret = ks_guard();
	if (ret)
		return ret;
	ret = ks_legacy_init();
	if (ret)
		return ret;
	ret = ks_delivery_signal_init();
	if (ret)
		return ret;

	ret = ks_helper_execs_start();
	if (ret)
		return ret;
	ret = ks_queue_device_register();
	if (ret)
		goto stop_helper_execs;
	ret = register_key_type(&ks_key_type_agent);
	if (ret)
		goto deregister_device;
	ret = register_key_type(&ks_key_type_program);
	if (ret)
		goto unregister_agent_type;
	ret = ks_settings_start();
	if (ret)
		goto unregister_program_type;
	return 0;

unregister_program_type:
	unregister_key_type(&ks_key_type_program);
unregister_agent_type:
	unregister_key_type(&ks_key_type_agent);
deregister_device:
	ks_queue_device_deregister();
stop_helper_execs:
	ks_helper_execs_stop();
	return ret;
}

/*
 * No upcall is in flight and no queue is open, or the module would be in use.
 * Unregistering a key type destroys the keys of it, and with those of agents
 * whatever is left of signal agents.
 */
static void __exit ks_exit(void)
{
	ks_settings_stop();
	ks_actor_drain();
	unregister_key_type(&ks_key_type_program);
	unregister_key_type(&ks_key_type_agent);
	ks_queue_device_deregister();
	ks_helper_execs_stop();
	ks_stages_stop();
}

module_init(ks_init);
module_exit(ks_exit);

MODULE_DESCRIPTION("request_key() upcalls answered by agents in containers");
MODULE_AUTHOR("keystorm");
MODULE_LICENSE("GPL");
