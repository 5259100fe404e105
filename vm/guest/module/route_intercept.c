// SPDX-License-Identifier: GPL-2.0-only
/*
 * Route "intercept": the registration whose filter matches the namespaces in which
 * the request is made, the most selective first. A dead one refuses; one that may
 * not serve is passed over.
 */
#include <linux/rculist.h>
#include <keys/request_key_auth-type.h>

#include "registration.h"

static bool ks_filter_matches(const struct ks_filter *filter, const struct ks_operative *operative, const char *key_type)
{
	int kind;

	if (filter->key_type[0] && strcmp(filter->key_type, key_type))
		return false;
	for (kind = 0; kind < KS_NR_KINDS; kind++)
		if (filter->named[kind] && !ks_operative_is(operative, kind, filter->named[kind]))
			return false;
	return true;
}

static int ks_intercept_find(const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	const struct key *key = rka->target_key;
	struct ks_operative operative;
	struct ks_entry *entry;
	int ret = -ENOENT;

	ks_operative_of(key, &operative);
	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &ks_intercepts, found) {
		if (!ks_filter_matches(&entry->filter, &operative, key->type->name))
			continue;
		if (!ks_service_offer(&entry->service, rka, attachment)) {
			ret = 0;
			break;
		}
	}
	rcu_read_unlock();
	return ret;
}

const struct ks_route ks_route_intercept = {
	.name = "intercept",
	.find = ks_intercept_find,
};
