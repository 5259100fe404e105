// SPDX-License-Identifier: MIT
/*
 * Route "session-rfc": as "session", in the form in which the RFC of 2022 had it. There, a key of the same description takes the place of
 * the one before, and nobody makes the agent a process keyring: without one it is no agent.
 */
#include <string.h>

#include "agent.h"

#define KEY_TYPE_RFC "keyagent_rfc"

static int enlist(const struct ks_agent_options *options, const char *text)
{
	if (ks_keyring_id(KEY_SPEC_PROCESS_KEYRING) < 0)
		return -1;
	return ks_add_key(KEY_TYPE_RFC, options->key_type, text, strlen(text), options->keyring) < 0 ? -1 : 0;
}

const struct ks_agent_route ks_route_session_rfc = { "session-rfc", false, false, enlist };
