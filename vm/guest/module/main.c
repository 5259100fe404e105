// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading. */
#include <linux/key-type.h>
#include <linux/module.h>

#include "keystorm.h"
#include "registration.h"

static int ks_register_key_types(void)
{
	int ret = register_key_type(&ks_key_type_agent);

	if (ret)
		return ret;
	ret = register_key_type(&ks_key_type_program);
	if (ret)
		unregister_key_type(&ks_key_type_agent);
	return ret;
}

/*
 * Destroys the keys of these types, and with those of agents whatever is left of
 * signal agents.
 */
static void ks_unregister_key_types(void)
{
	unregister_key_type(&ks_key_type_program);
	unregister_key_type(&ks_key_type_agent);
}

/* Nobody is sent here any more: wait for those who are. */
static void ks_settings_stop_and_drain(void)
{
	ks_settings_stop();
	ks_actor_drain();
}

/*
 * What is started when the module is loaded, in this order, and stopped in the
 * other. The device comes last: who has it open keeps the module.
 */
static const struct {
	int (*start)(void);
	void (*stop)(void);
} ks_parts[] = {
	{ ks_symbols_init, NULL },
	{ ks_guard, NULL },
	{ ks_legacy_init, NULL },
	{ ks_operative_init, NULL },
	{ ks_key_types_init, NULL },
	{ ks_delivery_signal_init, NULL },
	{ ks_registration_ioctl_init, NULL },
	{ NULL, ks_stages_stop },
	{ ks_helper_execs_start, ks_helper_execs_stop },
	{ NULL, ks_registrations_settle },
	{ ks_namespaces_start, ks_namespaces_stop },
	{ NULL, ks_registrations_stop },
	{ ks_register_key_types, ks_unregister_key_types },
	{ ks_settings_start, ks_settings_stop_and_drain },
	{ ks_queue_device_register, ks_queue_device_deregister },
};

static void ks_stop(size_t nr)
{
	while (nr--)
		if (ks_parts[nr].stop)
			ks_parts[nr].stop();
}

static int __init ks_init(void)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(ks_parts); i++) {
		ret = ks_parts[i].start ? ks_parts[i].start() : 0;
		if (ret) {
			ks_stop(i);
			return ret;
		}
	}
	return 0;
}

/* No upcall is in flight and no queue is open, or the module would be in use. */
static void __exit ks_exit(void)
{
	ks_stop(ARRAY_SIZE(ks_parts));
}

module_init(ks_init);
module_exit(ks_exit);

MODULE_DESCRIPTION("request_key() upcalls answered by agents in containers");
MODULE_AUTHOR("keystorm");
MODULE_LICENSE("GPL");
