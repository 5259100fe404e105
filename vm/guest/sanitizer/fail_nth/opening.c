// SPDX-License-Identifier: MIT
/* Opening a queue. */
#include <errno.h>
#include <fcntl.h>

#include "operation.h"

static int open_device(struct stage *stage)
{
	stage->queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	return stage->queue < 0 ? errno : 0;
}

static void close_device(struct stage *stage, int error)
{
	if (error)
		stage->queue = open_queue();
	close(stage->queue);
}

const struct operation opening_operations[] = {
	{ "open-queue", prepare_nothing, open_device, close_device, 0 },
	{ .name = NULL },
};
