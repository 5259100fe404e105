// SPDX-License-Identifier: GPL-2.0-only
/* The counters of the header keystorm_uapi.h, in sysfs below the device. */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/sysfs.h>

#include "keystorm.h"

static atomic64_t ks_counts[KS_NR_COUNTERS];

/**
 * ks_count - one more
 * @counter: which; any context
 */
void ks_count(enum ks_counter counter)
{
	atomic64_inc(&ks_counts[counter]);
}

/**
 * ks_uncount - one less; for KS_IN_FLIGHT and KS_REGISTRATIONS, which alone go down
 * @counter: which; any context
 */
void ks_uncount(enum ks_counter counter)
{
	atomic64_dec(&ks_counts[counter]);
}

/**
 * ks_counted - how many so far
 * @counter: which; any context
 */
u64 ks_counted(enum ks_counter counter)
{
	return atomic64_read(&ks_counts[counter]);
}

struct ks_counter_attribute {
	struct device_attribute device;
	enum ks_counter counter;
};

static ssize_t ks_counter_show(struct device *device, struct device_attribute *attribute, char *page)
{
	struct ks_counter_attribute *shown = container_of(attribute, struct ks_counter_attribute, device);

	return sysfs_emit(page, "%llu\n", ks_counted(shown->counter));
}

#define KS_COUNTER(_name, _counter)						\
	static struct ks_counter_attribute ks_attribute_##_name = {		\
		.device = __ATTR(_name, 0444, ks_counter_show, NULL),		\
		.counter = _counter,						\
	}

KS_COUNTER(notified_signal, KS_NOTIFIED_SIGNAL);
KS_COUNTER(notified_fd_write, KS_NOTIFIED_FD_WRITE);
KS_COUNTER(notified_fd_keyctl, KS_NOTIFIED_FD_KEYCTL);
KS_COUNTER(null, KS_NULL);
KS_COUNTER(fallback_stock, KS_FALLBACK_STOCK);
KS_COUNTER(fallback_refused, KS_FALLBACK_REFUSED);
KS_COUNTER(ineligible, KS_INELIGIBLE);
KS_COUNTER(dead, KS_DEAD);
KS_COUNTER(timeouts, KS_TIMEOUTS);
KS_COUNTER(killed, KS_KILLED);
KS_COUNTER(queue_full, KS_QUEUE_FULL);
KS_COUNTER(registrations, KS_REGISTRATIONS);
KS_COUNTER(namespace_ends, KS_NAMESPACE_ENDS);
KS_COUNTER(in_flight, KS_IN_FLIGHT);
KS_COUNTER(helper_execs, KS_HELPER_EXECS);
KS_COUNTER(helper_execs_init, KS_HELPER_EXECS_INIT);

static struct attribute *ks_counter_attributes[] = {
	&ks_attribute_notified_signal.device.attr,
	&ks_attribute_notified_fd_write.device.attr,
	&ks_attribute_notified_fd_keyctl.device.attr,
	&ks_attribute_null.device.attr,
	&ks_attribute_fallback_stock.device.attr,
	&ks_attribute_fallback_refused.device.attr,
	&ks_attribute_ineligible.device.attr,
	&ks_attribute_dead.device.attr,
	&ks_attribute_timeouts.device.attr,
	&ks_attribute_killed.device.attr,
	&ks_attribute_queue_full.device.attr,
	&ks_attribute_registrations.device.attr,
	&ks_attribute_namespace_ends.device.attr,
	&ks_attribute_in_flight.device.attr,
	&ks_attribute_helper_execs.device.attr,
	&ks_attribute_helper_execs_init.device.attr,
	NULL,
};
static_assert(ARRAY_SIZE(ks_counter_attributes) == KS_NR_COUNTERS + 1);

static const struct attribute_group ks_counter_group = {
	.name = "counters",
	.attrs = ks_counter_attributes,
};

const struct attribute_group *ks_device_groups[] = { &ks_counter_group, &ks_key_types_group, NULL };
