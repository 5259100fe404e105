// SPDX-License-Identifier: MIT
/* Loading the module. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "operation.h"

#define MODULE_FILE "/keystorm/keystorm.ko"

static void unload(struct stage *stage)
{
	(void)stage;
	require(!syscall(SYS_delete_module, "keystorm", O_NONBLOCK), "cannot unload: %s", strerror(errno));
	stage->file = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	require(stage->file >= 0, "cannot open %s: %s", MODULE_FILE, strerror(errno));
}

static int load(struct stage *stage)
{
	return syscall(SYS_finit_module, stage->file, "", 0) ? errno : 0;
}

static void finish_load(struct stage *stage, int error)
{
	if (error)
		require(!load(stage), "loading the module again: %s", strerror(errno));
	close(stage->file);
	set("mode", "session");
	set("fallback", "refuse");
}

const struct operation loading_operations[] = {
	{ "load-module", unload, load, finish_load, 0 },
	{ .name = NULL },
};
