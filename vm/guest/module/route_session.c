// SPDX-License-Identifier: GPL-2.0-only
/*
 * Route "session": the agent whose keyagent key is linked where the requester's
 * session keyring finds it. The session keyring is that of the task's own
 * credentials: some callers ask for keys under borrowed ones.
 */
#include <linux/cred.h>
#include <linux/key.h>

#include "compat.h"
#include "keystorm.h"

static key_ref_t ks_search_session(const struct cred *cred, const char *key_type)
{
	const struct cred *borrowed = NULL;
	key_ref_t ref;

	if (current_cred() != cred)
		borrowed = ks_override_creds(cred);
	ref = keyring_search(make_key_ref(cred->session_keyring, true), &ks_key_type_agent, key_type, true);
	if (borrowed)
		ks_revert_creds(borrowed);
	return ref;
}

/*
 * A key of our type that somebody has just asked for is no registration: it is
 * in the keyring until it is refused, without a payload, and then negative
 * (-ENOKEY). A revoked or expired one was a registration: its requesters are
 * told so, and never sent to the helper.
 */
static int ks_session_find(const char *key_type, struct ks_candidate *candidate)
{
	const struct cred *cred = current_real_cred();
	struct key *key;
	key_ref_t ref;
	int ret;

	if (!cred->session_keyring)
		return -ENOENT;
	ret = key_validate(cred->session_keyring);
	if (ret)
		return ret;

	ref = ks_search_session(cred, key_type);
	if (ref == ERR_PTR(-EAGAIN) || ref == ERR_PTR(-ENOKEY))
		return -ENOENT;
	if (IS_ERR(ref))
		return PTR_ERR(ref);

	key = key_ref_to_ptr(ref);
	ret = -ENOENT;
	if (!key_is_positive(key))
		goto out;
	ks_registration_read(key, candidate);
	ret = key_validate(key);
	if (ret)
		ks_agent_put(candidate->attachment.agent);
out:
	key_put(key);
	return ret;
}

const struct ks_route ks_route_session = {
	.name = "session",
	.find = ks_session_find,
};
