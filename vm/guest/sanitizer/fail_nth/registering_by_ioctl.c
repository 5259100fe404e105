// SPDX-License-Identifier: MIT
/* Registering an agent by ioctl on its queue, for a user namespace or with a filter, and withdrawing it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "operation.h"

/* A queue of its own for the caller's user namespace, or a filter that names it. */
static int ask_ioctl(struct stage *stage, unsigned long command, uint32_t route, uint32_t flags)
{
	struct ks_registration wish = { .size = sizeof(wish), .route = route, .flags = flags };
	bool filter = route == KS_ROUTE_INTERCEPT;
	int own = filter ? open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC) : -1, error;

	if (filter && own < 0)
		return errno;
	wish.nr_namespaces = filter;
	wish.namespaces[0] = filter ? own : 0;
	snprintf(wish.key_type, sizeof(wish.key_type), "user");
	if (command == KS_IOC_REGISTER)
		snprintf(wish.agent, sizeof(wish.agent), "fd-write:%d", stage->queue);
	error = ioctl(stage->queue, command, &wish) ? errno : 0;
	if (filter)
		close(own);
	return error;
}

static int register_userns(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_USERNS, 0);
}

static int register_filter(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_INTERCEPT, 0);
}

static void finish_ioctl(struct stage *stage, uint32_t route, int error)
{
	if (error)
		require(!ask_ioctl(stage, KS_IOC_REGISTER, route, 0), "registering again: %s", strerror(errno));
	require(!ask_ioctl(stage, KS_IOC_WITHDRAW, route, 0), "withdrawing: %s", strerror(errno));
	close(stage->queue);
}

static void withdraw_userns(struct stage *stage, int error)
{
	finish_ioctl(stage, KS_ROUTE_USERNS, error);
}

static void withdraw_filter(struct stage *stage, int error)
{
	finish_ioctl(stage, KS_ROUTE_INTERCEPT, error);
}

static void prepare_registered(struct stage *stage)
{
	prepare_queue(stage);
	require(!register_filter(stage), "registering a filter: %s", strerror(errno));
}

static int withdraw(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_WITHDRAW, KS_ROUTE_INTERCEPT, 0);
}

static void finish_withdraw(struct stage *stage, int error)
{
	if (error)
		require(!withdraw(stage), "withdrawing again: %s", strerror(errno));
	require(withdraw(stage) == ENOENT, "what was withdrawn is still there");
	close(stage->queue);
}

static int reattach(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_INTERCEPT, KS_REATTACH);
}

static void prepare_reattach(struct stage *stage)
{
	prepare_registered(stage);
	stage->file = stage->queue;
	prepare_queue(stage);
}

static void finish_reattach(struct stage *stage, int error)
{
	if (error)
		require(!reattach(stage), "re-attaching again: %s", strerror(errno));
	require(!withdraw(stage), "withdrawing: %s", strerror(errno));
	close(stage->queue);
	close(stage->file);
}

const struct operation ioctl_operations[] = {
	{ "register-userns", prepare_queue, register_userns, withdraw_userns, 0 },
	{ "register-filter", prepare_queue, register_filter, withdraw_filter, 0 },
	{ "reattach-filter", prepare_reattach, reattach, finish_reattach, 0 },
	{ "withdraw-filter", prepare_registered, withdraw, finish_withdraw, 0 },
	{ .name = NULL },
};
