// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a request that no agent may answer. */
#include <keys/request_key_auth-type.h>

#include "keystorm.h"
#include "namespaces.h"

static bool ks_request_is_inits(const struct key *authkey)
{
	struct ks_operative operative;

	ks_operative_of(get_request_key_auth(authkey)->target_key, &operative);
	return ks_operative_is_inits(&operative);
}

/**
 * ks_fallback - a request without an eligible agent
 * @authkey: its authorisation key; completed on return
 * @aux: the requester's
 *
 * Return: as an actor does.
 */
int ks_fallback(struct key *authkey, void *aux)
{
	if (ks_fallback_policy() == KS_FALLBACK_TO_REFUSE && !ks_request_is_inits(authkey)) {
		ks_count(KS_FALLBACK_REFUSED);
		ks_refuse(authkey, -ENOKEY);
		return 0;
	}
	ks_count(KS_FALLBACK_STOCK);
	return ks_legacy_call(authkey, aux);
}
