// SPDX-License-Identifier: MIT
/* Route "session": a key of type "keyagent" in a session keyring, named for the key type that is served. */
#include <string.h>

#include "agent.h"
#include "keystorm_uapi.h"

/* Adding it again where it is updates it, which is how a successor takes over. */
static int enlist(const struct ks_agent_options *options, const char *text)
{
	return ks_add_key(KS_KEY_TYPE_AGENT, options->key_type, text, strlen(text), options->keyring) < 0 ? -1 : 0;
}

const struct ks_agent_route ks_route_session = { "session", false, false, enlist };
