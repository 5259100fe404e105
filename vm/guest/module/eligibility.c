// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may serve, whatever the route. Linking a keyagent key into a session keyring,
 * or registering, is necessary and not sufficient: a setuid program inherits its caller's session keyring, and
 * its upcalls, and the authority over its keyrings, must not go to its caller.
 *
 * The rule is the one the kernel has for ptrace, applied to the registrar's
 * credentials as they were at registration. A registrar may serve a requester if
 *
 *  (a) the requester's user namespace is the registrar's or a descendant, and
 *  (b) all of the requester's uids and gids are the registrar's effective ones,
 *      or the registrar had CAP_SYS_PTRACE over the requester's user namespace, and
 *  (c) both are in one and the same user namespace and the requester is permitted
 *      no capability that the registrar was not, or the registrar had CAP_SYS_PTRACE.
 *
 * Supplementary groups and dumpability are not looked at.
 */
#include <linux/cred.h>
#include <linux/user_namespace.h>

#include "keystorm.h"
#include "namespaces.h"

/**
 * ks_identity_of_current - the calling task's identity
 * @identity: filled in; may sleep
 *
 * Return: 0, or -ENOMEM and @identity is unchanged.
 */
int ks_identity_of_current(struct ks_identity *identity)
{
	const struct cred *cred = current_cred();
	struct ks_namespace *user_ns = ks_namespace_remember(&cred->user_ns->ns);

	if (!user_ns)
		return -ENOMEM;
	identity->user_ns = user_ns;
	identity->euid = cred->euid;
	identity->egid = cred->egid;
	identity->effective = cred->cap_effective;
	identity->permitted = cred->cap_permitted;
	return 0;
}

/**
 * ks_identity_copy - another identity like one
 * @copy: filled in, with a reference of its own
 * @identity: to be copied
 */
void ks_identity_copy(struct ks_identity *copy, const struct ks_identity *identity)
{
	*copy = *identity;
	ks_namespace_get(copy->user_ns);
}

static bool ks_is_in(const struct user_namespace *ns, const struct ks_identity *registrar)
{
	return ks_namespace_is(registrar->user_ns, &ns->ns);
}

static bool ks_is_within(const struct user_namespace *ns, const struct ks_identity *registrar)
{
	for (; ns; ns = ns->parent)
		if (ks_is_in(ns, registrar))
			return true;
	return false;
}

/*
 * The walk of cap_capable(): a capability reaches downward from the namespace it
 * is held in, and the owner of a namespace holds them all in it.
 */
static bool ks_may_ptrace(const struct ks_identity *registrar, const struct user_namespace *ns)
{
	for (; ns; ns = ns->parent) {
		if (ks_is_in(ns, registrar))
			return cap_raised(registrar->effective, CAP_SYS_PTRACE);
		if (ns->parent && ks_is_in(ns->parent, registrar) && uid_eq(ns->owner, registrar->euid))
			return true;
	}
	return false;
}

static bool ks_same_ids(const struct ks_identity *registrar, const struct cred *requester)
{
	return uid_eq(requester->uid, registrar->euid) && uid_eq(requester->euid, registrar->euid) &&
	       uid_eq(requester->suid, registrar->euid) && uid_eq(requester->fsuid, registrar->euid) &&
	       gid_eq(requester->gid, registrar->egid) && gid_eq(requester->egid, registrar->egid) &&
	       gid_eq(requester->sgid, registrar->egid) && gid_eq(requester->fsgid, registrar->egid);
}

/**
 * ks_may_serve - the rule above
 * @registrar: who registered the agent
 * @requester: whose request it is; the caller keeps it from going away
 */
bool ks_may_serve(const struct ks_identity *registrar, const struct cred *requester)
{
	if (!ks_is_within(requester->user_ns, registrar))
		return false;
	if (ks_may_ptrace(registrar, requester->user_ns))
		return true;
	if (!ks_same_ids(registrar, requester))
		return false;
	return ks_is_in(requester->user_ns, registrar) &&
	       cap_issubset(requester->cap_permitted, registrar->permitted);
}

/**
 * ks_may_reattach - may the caller put a new agent behind a registration?
 * @registered: who registered it first
 * @caller: who wants to
 *
 * The same user, in the same user namespace, who claims no more than was registered.
 */
bool ks_may_reattach(const struct ks_identity *registered, const struct ks_identity *caller)
{
	return caller->user_ns == registered->user_ns && uid_eq(caller->euid, registered->euid) &&
	       cap_issubset(caller->effective, registered->effective) &&
	       cap_issubset(caller->permitted, registered->permitted);
}
