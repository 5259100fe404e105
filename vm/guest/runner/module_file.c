// SPDX-License-Identifier: MIT
#include "module_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "../common/unlock.h"
#include "events.h"
#include "failure.h"
#include "workplace.h"

/* How long a module may stay in use after the last container is gone. */
#define REMOVE_MS (10000 * slowness())
#define REMOVE_LOOK_AGAIN_MS 50

int module_file_remove(const char *name)
{
	uint64_t until = ks_now() + REMOVE_MS * KS_NS_PER_MS;

	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		int error = errno;

		/* Only "in use" is tried again. */
		if ((error != EBUSY && error != EAGAIN) || ks_now() >= until)
			return error;
		/* Also when told to stop: leaving the module behind is worse than a short delay. */
		if (events_wait(ks_now() + REMOVE_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, "unload") == WAIT_FAILED)
			events_finish();
	}
	return 0;
}

int module_file_load(const char *name)
{
	int error = module_file_remove(name), file;
	char path[64];

	if (error && error != ENOENT)
		return fail("module", "an earlier %s is loaded and cannot be removed: %s", name, strerror(error));
	snprintf(path, sizeof(path), GUEST_PROGRAMS "/%s.ko", name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return fail("module", "cannot open %s: %s", path, strerror(errno));
	error = syscall(SYS_finit_module, file, ks_unlock(), 0) ? errno : 0;
	close(file);
	if (error)
		return fail("module", "cannot load %s: %s; the kernel log says more", path, strerror(error));
	return 0;
}
