/* SPDX-License-Identifier: MIT */
/* The mechanism under check, as the command line says. Module and helper are configured for it when a check begins. */
#ifndef KS_CHECKS_MECHANISM_H
#define KS_CHECKS_MECHANISM_H

#include <stdbool.h>

enum route { ROUTE_INIT, ROUTE_NSENTER, ROUTE_SESSION, ROUTE_SESSION_RFC, ROUTE_USERNS, ROUTE_INTERCEPT, ROUTE_NULL };
enum delivery { DELIVERY_HELPER, DELIVERY_SIGNAL, DELIVERY_FD_KEYCTL, DELIVERY_FD_WRITE, DELIVERY_NONE };

/** The words of the enums above, in their order, each list ended by NULL. */
extern const char *const route_words[];
extern const char *const delivery_words[];

struct mechanism {
	enum route route;
	enum delivery delivery;
	bool refuse;		/* the fallback; without, it is stock */
	long timeout_ms;
};

extern struct mechanism mechanism;

/** Whether agents answer: routes session, session-rfc, userns, intercept. */
bool has_agents(void);

/** Whether an answer takes the authority over the key, and is given with keyctl(2); else it is written. */
bool answers_by_authority(void);

/** Whether the module has a say at all: its fallback and timeout mean nothing to init, nsenter and session-rfc. */
bool is_modules(void);

#endif
