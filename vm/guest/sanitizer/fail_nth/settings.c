// SPDX-License-Identifier: MIT
/* Writing a setting of the module, and taking the stages that one of them has it record. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "operation.h"

static void mode_off(struct stage *stage)
{
	(void)stage;
	set("mode", "off");
}

static int mode_session(struct stage *stage)
{
	(void)stage;
	return try_set("keystorm", "mode", "session");
}

static void finish_mode(struct stage *stage, int error)
{
	(void)stage;
	if (error)
		set("mode", "session");
}

static void stages_off(struct stage *stage)
{
	(void)stage;
	set("stages", "0");
}

static int stages_on(struct stage *stage)
{
	(void)stage;
	return try_set("keystorm", "stages", "1");
}

static void finish_stages(struct stage *stage, int error)
{
	if (error)
		set("stages", "1");
	stages_off(stage);
}

static void prepare_stages(struct stage *stage)
{
	prepare_queue(stage);
	set("stages", "1");
}

static int take_stages(struct stage *stage)
{
	struct ks_stage records[4];
	struct ks_stages stages = { .size = sizeof(stages), .nr = 4, .records = (uint64_t)(uintptr_t)records };

	return ioctl(stage->queue, KS_IOC_STAGES, &stages) ? errno : 0;
}

static void finish_take_stages(struct stage *stage, int error)
{
	if (error)
		require(!take_stages(stage), "the stages cannot be taken: %s", strerror(errno));
	close(stage->queue);
	stages_off(stage);
}

const struct operation setting_operations[] = {
	{ "set-mode", mode_off, mode_session, finish_mode, 0 },
	{ "set-stages", stages_off, stages_on, finish_stages, 0 },
	{ "take-stages", prepare_stages, take_stages, finish_take_stages, 0 },
	{ .name = NULL },
};
