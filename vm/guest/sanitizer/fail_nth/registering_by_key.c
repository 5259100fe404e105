// SPDX-License-Identifier: MIT
/* Registering an agent by a key in the session keyring. */
#include <errno.h>

#include "operation.h"

static int add_agent(struct stage *stage, const char *format, int argument)
{
	stage->key = try_register(format, argument);
	return stage->key < 0 ? errno : 0;
}

static int register_queue(struct stage *stage)
{
	return add_agent(stage, "fd-write:%d", stage->queue);
}

static void unregister_queue(struct stage *stage, int error)
{
	if (error)
		stage->key = register_agent("fd-write:%d", stage->queue);
	remove_agent(stage);
	close(stage->queue);
}

static int register_signal(struct stage *stage)
{
	return add_agent(stage, "signal:%d", agent_signal());
}

static void unregister_signal(struct stage *stage, int error)
{
	if (error)
		stage->key = register_agent("signal:%d", agent_signal());
	remove_agent(stage);
}

static void prepare_attached(struct stage *stage)
{
	prepare_queue(stage);
	stage->key = register_agent("fd-write:%d", stage->queue);
	/* Another queue takes the registration over. */
	stage->file = stage->queue;
	prepare_queue(stage);
}

static void unregister_both(struct stage *stage, int error)
{
	close(stage->file);
	unregister_queue(stage, error);
}

const struct operation key_operations[] = {
	{ "register-queue", prepare_queue, register_queue, unregister_queue, 0 },
	{ "register-signal", prepare_nothing, register_signal, unregister_signal, 0 },
	{ "reattach-queue", prepare_attached, register_queue, unregister_both, 0 },
	{ .name = NULL },
};
