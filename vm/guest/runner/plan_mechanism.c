// SPDX-License-Identifier: MIT
#include "plan_mechanism.h"

#include <stddef.h>

const char *const plan_routes[] = { "init", "nsenter", "session", "session-rfc", "userns", "intercept", "null", NULL };
const char *const plan_deliveries[] = { "helper", "signal", "fd-keyctl", "fd-write", "none", NULL };
const char *const plan_helpers[] = { "keyutils", "minimal", "nsenter", NULL };
const char *const plan_fallbacks[] = { "stock", "refuse", NULL };

static int take_mechanism(void *target, struct plan_line *line)
{
	return plan_name(line, 1, ((struct plan_mechanism *)target)->name);
}

static int take_route(void *target, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_routes);

	((struct plan_mechanism *)target)->route = (enum plan_route)word;
	return word < 0 ? -1 : 0;
}

static int take_delivery(void *target, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_deliveries);

	((struct plan_mechanism *)target)->delivery = (enum plan_delivery)word;
	return word < 0 ? -1 : 0;
}

static int take_helper(void *target, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_helpers);

	((struct plan_mechanism *)target)->helper = (enum plan_helper)word;
	return word < 0 ? -1 : 0;
}

static int take_fallback(void *target, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_fallbacks);

	((struct plan_mechanism *)target)->fallback = (enum plan_fallback)word;
	return word < 0 ? -1 : 0;
}

static int take_timeout(void *target, struct plan_line *line)
{
	return plan_number(line, 1, 1, PLAN_TIMEOUT_MS_MAX, &((struct plan_mechanism *)target)->timeout_ms);
}

static const struct plan_statement statements[] = {
	{ "mechanism", 2, 0, true, true, "mechanism NAME", take_mechanism },
	{ "route", 2, 0, true, true, "route init|nsenter|session|session-rfc|userns|intercept|null", take_route },
	{ "delivery", 2, 0, true, true, "delivery helper|signal|fd-keyctl|fd-write|none", take_delivery },
	{ "helper", 2, 0, true, false, "helper keyutils|minimal|nsenter", take_helper },
	{ "fallback", 2, 0, true, true, "fallback stock|refuse", take_fallback },
	{ "timeout_ms", 2, 0, true, true, "timeout_ms N", take_timeout },
	{ NULL, 0, 0, false, false, NULL, NULL },
};

struct plan_block plan_mechanism_block(const char *kind, const char *id, struct plan_mechanism *mechanism)
{
	return (struct plan_block){ kind, id, statements, &mechanism->given, mechanism };
}

bool plan_has_agents(enum plan_route route)
{
	return route == ROUTE_SESSION || route == ROUTE_SESSION_RFC || route == ROUTE_USERNS || route == ROUTE_INTERCEPT;
}

bool plan_has_helpers(enum plan_route route)
{
	return route == ROUTE_INIT || route == ROUTE_NSENTER;
}

/* Which deliveries a route can have: the answerer of one is never told in the way of another. */
static bool goes_together(enum plan_route route, enum plan_delivery delivery)
{
	switch (route) {
	case ROUTE_INIT:
	case ROUTE_NSENTER:
		return delivery == DELIVERY_HELPER;
	case ROUTE_SESSION:
	case ROUTE_USERNS:
	case ROUTE_INTERCEPT:
		return delivery == DELIVERY_SIGNAL || delivery == DELIVERY_FD_KEYCTL || delivery == DELIVERY_FD_WRITE;
	case ROUTE_SESSION_RFC:
		return delivery == DELIVERY_SIGNAL;
	case ROUTE_NULL:
		return delivery == DELIVERY_NONE;
	}
	return false;
}

int plan_mechanism_check(const char *kind, const char *id, const struct plan_mechanism *mechanism, struct plan_line *line)
{
	if (!goes_together(mechanism->route, mechanism->delivery))
		return plan_complain(line, "%s '%s': route %s has no delivery %s", kind, id, plan_routes[mechanism->route],
				     plan_deliveries[mechanism->delivery]);
	if ((mechanism->route == ROUTE_NSENTER) != (mechanism->helper == HELPER_NSENTER))
		return plan_complain(line, "%s '%s': route nsenter is what helper nsenter does: write both or neither", kind, id);
	return 0;
}
