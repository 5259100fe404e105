// SPDX-License-Identifier: MIT
/* Route "userns": a registration on the agent's own user namespace serves it, and those below it that have none. */
#include "keystorm_uapi.h"
#include "registration.h"

static int enlist(const struct ks_agent_options *options, const char *text)
{
	/* No descriptor stands for the caller's own. */
	return ks_register(options, KS_ROUTE_USERNS, &(const struct ks_filter){ 0 }, text);
}

const struct ks_agent_route ks_route_userns = { "userns", false, true, enlist };
