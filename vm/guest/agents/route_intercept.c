// SPDX-License-Identifier: MIT
/* Route "intercept": a filter of a key type and of those of the agent's own namespaces that a requester must be in. */
#include "keystorm_uapi.h"
#include "registration.h"

static int enlist(const struct ks_agent_options *options, const char *text)
{
	return ks_register(options, KS_ROUTE_INTERCEPT, &options->filter, text);
}

const struct ks_agent_route ks_route_intercept = { "intercept", true, true, enlist };
