// SPDX-License-Identifier: MIT
#include "mechanism.h"

#include <stddef.h>

const char *const route_words[] = { "init", "nsenter", "session", "session-rfc", "userns", "intercept", "null", NULL };
const char *const delivery_words[] = { "helper", "signal", "fd-keyctl", "fd-write", "none", NULL };

struct mechanism mechanism;

bool has_agents(void)
{
	return mechanism.route != ROUTE_INIT && mechanism.route != ROUTE_NSENTER && mechanism.route != ROUTE_NULL;
}

bool answers_by_authority(void)
{
	return mechanism.delivery != DELIVERY_FD_WRITE;
}

bool is_modules(void)
{
	return mechanism.route == ROUTE_SESSION || mechanism.route == ROUTE_USERNS || mechanism.route == ROUTE_INTERCEPT ||
	       mechanism.route == ROUTE_NULL;
}
