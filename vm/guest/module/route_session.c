// SPDX-License-Identifier: GPL-2.0-only
/*
 * Route "session": the agent whose keyagent key is linked where the requester's
 * session keyring finds it. The session keyring is that of the task's own
 * credentials: some callers ask for keys under borrowed ones.
 */
#include <linux/cred.h>
#include <linux/key.h>
#include <keys/request_key_auth-type.h>

#include "compat.h"
#include "registration.h"

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
 * told so, and never sent to the helper. One that may not serve is, to this
 * requester, none.
 */
static int ks_session_ask(const struct key *key, const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	int ret, invalid;

	if (!key_is_positive(key))
		return -ENOENT;
	ret = ks_service_offer(ks_service_of_key(key), rka, attachment);
	invalid = key_validate(key);
	if (!invalid)
		return ret ? -ENOENT : 0;
	if (!ret)
		ks_agent_put(attachment->agent);
	return invalid;
}

static int ks_session_find(const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	const struct cred *cred = current_real_cred();
	key_ref_t ref;
	int ret;

	if (!cred->session_keyring)
		return -ENOENT;
	ret = key_validate(cred->session_keyring);
	if (ret)
		return ret;

	ref = ks_search_session(cred, rka->target_key->type->name);
	if (ref == ERR_PTR(-EAGAIN) || ref == ERR_PTR(-ENOKEY))
		return -ENOENT;
	if (IS_ERR(ref))
		return PTR_ERR(ref);
	ret = ks_session_ask(key_ref_to_ptr(ref), rka, attachment);
	key_ref_put(ref);
	return ret;
}

const struct ks_route ks_route_session = {
	.find = ks_session_find,
};
