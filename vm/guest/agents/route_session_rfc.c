// SPDX-License-Identifier: MIT
/*
 * Route "session-rfc": as "session", in the form in which the RFC of 2022 had it. Its key says the signal alone: who is told
 * is who added it.
 */
#include <string.h>

#include "agent.h"

#define KEY_TYPE_RFC "keyagent_rfc"

static int enlist(const struct ks_agent_options *options, const char *text)
{
	return ks_add_key(KEY_TYPE_RFC, options->key_type, text, strlen(text), options->keyring) < 0 ? -1 : 0;
}

const struct ks_agent_route ks_route_session_rfc = { "session-rfc", false, false, enlist };
