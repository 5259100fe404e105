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

/*
 * Of the filters in one list that match and that @last precedes (NULL: of all that
 * match), and of @best, the most selective. Caller is in an RCU read-side section.
 */
static struct ks_entry *ks_intercept_better(struct ks_entry *best, struct hlist_head *entries, const struct ks_entry *last,
					    const struct ks_operative *operative, const char *key_type)
{
	struct ks_entry *entry;

	hlist_for_each_entry_rcu(entry, entries, found)
		if ((!best || ks_filter_precedes(&entry->filter, &best->filter)) &&
		    (!last || ks_filter_precedes(&last->filter, &entry->filter)) &&
		    ks_filter_matches(&entry->filter, operative, key_type))
			best = entry;
	return best;
}

/* A filter that matches is in the list of the first namespace it names, which is one of the request's. */
static struct ks_entry *ks_intercept_next(const struct ks_entry *last, const struct ks_operative *operative,
					  const char *key_type)
{
	struct ks_entry *best = NULL;
	int kind;

	for (kind = 0; kind < KS_NR_KINDS; kind++)
		if (operative->id[kind])
			best = ks_intercept_better(best, ks_intercept_entries(operative->id[kind]), last, operative, key_type);
	return ks_intercept_better(best, ks_intercept_entries(0), last, operative, key_type);
}

static int ks_intercept_find(const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	const char *key_type = rka->target_key->type->name;
	struct ks_operative operative;
	struct ks_entry *entry = NULL;
	int ret = -ENOENT;

	ks_operative_of(rka->target_key, &operative);
	rcu_read_lock();
	while (ret && (entry = ks_intercept_next(entry, &operative, key_type)))
		ret = ks_service_offer(&entry->service, rka, attachment);
	rcu_read_unlock();
	return ret ? -ENOENT : 0;
}

const struct ks_route ks_route_intercept = {
	.find = ks_intercept_find,
};
