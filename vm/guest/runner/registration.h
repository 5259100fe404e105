/* SPDX-License-Identifier: MIT */
#ifndef KS_RUNNER_REGISTRATION_H
#define KS_RUNNER_REGISTRATION_H

#include "plan.h"

/**
 * Withdraws what a shared agent has registered by ioctl: on the init user namespace, or for a filter without namespaces. Nothing
 * on other routes. 0, also when there is no such registration; or -1 with a failure.
 */
int registration_withdraw(enum plan_route route, const char *key_type);

#endif
