// SPDX-License-Identifier: MIT
#include "registration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failure.h"
#include "keystorm_uapi.h"

int registration_withdraw(enum plan_route route, const char *key_type)
{
	struct ks_registration registration = { .size = sizeof(registration) };
	int device, result;

	if (route != ROUTE_USERNS && route != ROUTE_INTERCEPT)
		return 0;
	registration.route = route == ROUTE_USERNS ? KS_ROUTE_USERNS : KS_ROUTE_INTERCEPT;
	snprintf(registration.key_type, sizeof(registration.key_type), "%s", key_type);
	device = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0)
		return fail("agent", "cannot open " KS_DEVICE ": %s", strerror(errno));
	result = ioctl(device, KS_IOC_WITHDRAW, &registration);
	if (result && errno != ENOENT)
		fail("agent", "cannot withdraw the shared agent's registration: %s", strerror(errno));
	else
		result = 0;
	close(device);
	return result;
}
