// SPDX-License-Identifier: MIT
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../common/clock.h"
#include "build_id.h"
#include "events.h"
#include "failure.h"
#include "files.h"
#include "frame.h"
#include "workplace.h"

#define MODULE_NAME "keystorm"
#define MODULE_FILE GUEST_PROGRAMS "/keystorm.ko"
#define SYSFS "/sys/module/" MODULE_NAME
#define DEVICE "/dev/keystorm"
/* How long the module may stay in use after the last container is gone. */
#define UNLOAD_MS 10000
#define UNLOAD_LOOK_AGAIN_MS 50

static const char *const modes[] = { [ROUTE_INIT] = "off", [ROUTE_SESSION] = "session", [ROUTE_NULL] = "null" };
static bool loaded;

/* Returns 0 or the errno of the last try. Only "in use" is tried again. */
static int remove_module(void)
{
	uint64_t until = ks_now() + UNLOAD_MS * KS_NS_PER_MS;

	while (syscall(SYS_delete_module, MODULE_NAME, O_NONBLOCK)) {
		int error = errno;

		if ((error != EBUSY && error != EAGAIN) || ks_now() >= until)
			return error;
		/* Also when told to stop: leaving the module behind is worse than a short delay. */
		if (events_wait(ks_now() + UNLOAD_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, "unload") == WAIT_FAILED)
			events_finish();
	}
	return 0;
}

int module_load(void)
{
	int error = remove_module(), file;

	if (error && error != ENOENT)
		return fail("module", "an earlier " MODULE_NAME " is loaded and cannot be removed: %s", strerror(error));
	file = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return fail("module", "cannot open " MODULE_FILE ": %s", strerror(errno));
	error = syscall(SYS_finit_module, file, "", 0) ? errno : 0;
	close(file);
	if (error)
		return fail("module", "cannot load " MODULE_FILE ": %s; the kernel log says more", strerror(error));
	loaded = true;
	if (access(DEVICE, F_OK))
		return fail("module", "the module is loaded but there is no " DEVICE ": mount devtmpfs at /dev");
	return 0;
}

const char *module_build_id(void)
{
	static char text[BUILD_ID_TEXT_MAX];
	char note[256];
	int file = open(SYSFS "/notes/.note.gnu.build-id", O_RDONLY | O_CLOEXEC);
	ssize_t size = file < 0 ? 0 : read(file, note, sizeof(note));

	if (file >= 0)
		close(file);
	build_id_text(note, size < 0 ? 0 : (size_t)size, text);
	return text;
}

static int set(const char *parameter, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), SYSFS "/parameters/%s", parameter);
	if (file_write(path, value))
		return fail("module", "cannot set %s to '%s': %s", path, value, strerror(errno));
	return 0;
}

int module_configure(const struct plan_cell *cell)
{
	char timeout[16];

	snprintf(timeout, sizeof(timeout), "%u", cell->timeout_ms);
	if (set("fallback", plan_fallbacks[cell->fallback]) || set("timeout_ms", timeout))
		return -1;
	return set("mode", modes[cell->route]);
}

int module_switch_off(void)
{
	return set("mode", "off");
}

void module_unload(void)
{
	char text[16] = "";
	uint64_t start = ks_now();
	long refcount;
	struct json *json;
	int error;

	if (!loaded)
		return;
	/* -1: the kernel counts no references (built without module unloading). */
	refcount = file_read(SYSFS "/refcnt", text, sizeof(text)) ? -1 : strtol(text, NULL, 10);
	error = remove_module();
	loaded = false;
	json = frame_begin("unload");
	json_bool(json, "ok", error == 0);
	frame_text_or_null(json, "errno", error ? strerrorname_np(error) : NULL);
	json_unsigned(json, "ns", ks_now() - start);
	json_signed(json, "refcount_before", refcount);
	frame_end();
}
