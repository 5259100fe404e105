// SPDX-License-Identifier: GPL-2.0-only
/*
 * Route "userns": the registration on the requester's user namespace, else on its
 * parent, and so on upward. A dead one refuses: only one that is withdrawn, or
 * that may not serve, is walked past.
 */
#include <linux/cred.h>
#include <linux/rculist.h>
#include <linux/user_namespace.h>
#include <keys/request_key_auth-type.h>

#include "registration.h"

/* The registrations of one namespace for keys of a type, or of any. */
static int ks_userns_ask(const struct ns_common *ns, const char *key_type, const struct request_key_auth *rka,
			 struct ks_attachment *attachment)
{
	struct ks_entry *entry;

	hlist_for_each_entry_rcu(entry, ks_userns_entries(ns->inum), found)
		if (ks_namespace_is(entry->filter.named[KS_USER], ns) && !strcmp(entry->filter.key_type, key_type) &&
		    !ks_service_offer(&entry->service, rka, attachment))
			return 0;
	return -ENOENT;
}

static int ks_userns_find(const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	const struct user_namespace *ns;
	int ret = -ENOENT;

	rcu_read_lock();
	for (ns = current_real_cred()->user_ns; ns && ret; ns = ns->parent) {
		ret = ks_userns_ask(&ns->ns, rka->target_key->type->name, rka, attachment);
		if (ret)
			ret = ks_userns_ask(&ns->ns, "", rka, attachment);
	}
	rcu_read_unlock();
	return ret;
}

const struct ks_route ks_route_userns = {
	.find = ks_userns_find,
};
