// SPDX-License-Identifier: MIT
#include "stage_switch.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/stage_switch.h"
#include "failure.h"
#include "files.h"
#include "module.h"

static struct ks_stage_switch *memory;
static int memory_fd = -1;
static bool on;

int stage_switch_fd(void)
{
	if (memory)
		return memory_fd;
	if (memory_fd < 0)
		memory_fd = memfd_create("keystorm-stages", MFD_CLOEXEC);
	if (memory_fd < 0 || ftruncate(memory_fd, sizeof(*memory)))
		return fail("stages", "cannot make the switch: %s", strerror(errno));
	memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
	if (memory == MAP_FAILED) {
		memory = NULL;
		return fail("stages", "cannot map the switch: %s", strerror(errno));
	}
	return memory_fd;
}

int stage_switch_on(void)
{
	if (stage_switch_fd() < 0)
		return -1;
	on = true;
	if (file_write(KS_STAGES_FILE, ""))
		return fail("stages", "cannot create " KS_STAGES_FILE ": %s", strerror(errno));
	atomic_store(&memory->on, 1);
	return module_stages(true);
}

int stage_switch_off(void)
{
	if (!on)
		return 0;
	on = false;
	unlink(KS_STAGES_FILE);
	atomic_store(&memory->on, 0);
	return module_stages(false);
}
