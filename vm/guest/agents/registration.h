/* SPDX-License-Identifier: MIT */
/* Registering with the module's ioctl, for the routes that no keyring is part of. */
#ifndef KS_AGENT_REGISTRATION_H
#define KS_AGENT_REGISTRATION_H

#include "agent.h"

/**
 * Registers this agent for the route (KS_ROUTE_…) with the kinds of its own namespaces that are named. When there is such a registration
 * already, this agent takes the place of the one before, which has crashed. 0, or -1 with errno.
 */
int ks_register(const struct ks_agent_options *options, uint32_t route, const struct ks_filter *namespaces, const char *text);

#endif
