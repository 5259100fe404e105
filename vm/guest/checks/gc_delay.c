// SPDX-License-Identifier: MIT
#include "gc_delay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

#define GC_DELAY_FILE "/proc/sys/kernel/keys/gc_delay"

void gc_delay_shorten(void)
{
	int fd = open(GC_DELAY_FILE, O_WRONLY | O_CLOEXEC);

	require(fd >= 0 && dprintf(fd, "%d", GC_DELAY_S) > 0, "cannot write " GC_DELAY_FILE ": %s", strerror(errno));
	close(fd);
}
