// SPDX-License-Identifier: MIT
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/clock.h"
#include "build_id.h"
#include "failure.h"
#include "files.h"
#include "frame.h"
#include "module_file.h"

#define MODULE_NAME "keystorm"
#define RFC_MODULE_NAME "keystorm_rfc"
#define PROBE_MODULE_NAME "keystorm_probe"
/* The kernel's own module for a key type, which the probe uses. */
#define KEY_TYPE_MODULE_NAME "dns_resolver"
#define SYSFS "/sys/module/" MODULE_NAME
#define DEVICE "/dev/keystorm"

/* Off: the kernel's own path; keystorm_rfc.ko is a hook of its own, and there is never more than one. */
static const char *const modes[] = {
	[ROUTE_INIT] = "off",	   [ROUTE_NSENTER] = "off",	    [ROUTE_SESSION] = "session", [ROUTE_SESSION_RFC] = "off",
	[ROUTE_USERNS] = "userns", [ROUTE_INTERCEPT] = "intercept", [ROUTE_NULL] = "null",
};
static bool loaded, rfc_loaded, path_is_longer;

int module_load(void)
{
	/* What a killed runner left there holds on to the kernel's request path. */
	int error = module_file_remove(RFC_MODULE_NAME);

	if (error && error != ENOENT)
		return fail("module", "an earlier " RFC_MODULE_NAME " is loaded and cannot be removed: %s", strerror(error));
	if (module_file_load(MODULE_NAME))
		return -1;
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

int module_configure(const struct plan_mechanism *mechanism)
{
	char timeout[16];

	snprintf(timeout, sizeof(timeout), "%u", mechanism->timeout_ms);
	if (set("fallback", plan_fallbacks[mechanism->fallback]) || set("timeout_ms", timeout) ||
	    set("mode", modes[mechanism->route]))
		return -1;
	if (mechanism->route != ROUTE_SESSION_RFC)
		return 0;
	if (module_file_load(RFC_MODULE_NAME))
		return -1;
	rfc_loaded = true;
	return 0;
}

int module_path_instructions(uint32_t count)
{
	char text[16];

	/* Modules of older revisions have no such parameter, and nobody asks them for it. */
	if (count == 0 && !path_is_longer)
		return 0;
	snprintf(text, sizeof(text), "%u", count);
	path_is_longer = count > 0;
	return set("path_instructions", text);
}

int module_switch_off(void)
{
	int error = rfc_loaded ? module_file_remove(RFC_MODULE_NAME) : 0;

	rfc_loaded = false;
	if (module_path_instructions(0))
		return -1;
	if (set("mode", "off"))
		return -1;
	return error ? fail("module", RFC_MODULE_NAME " cannot be removed: %s", strerror(error)) : 0;
}

int module_stages(bool on)
{
	return set("stages", on ? "1" : "0");
}

int module_reload(void)
{
	int error = module_file_remove(MODULE_NAME);
	int probe_error = module_file_remove(PROBE_MODULE_NAME);

	/*
	 * A check may have loaded both; what is still in use is for the next check to use. A key type that is registered later
	 * than ours is loaded is one of the cases to be tried, so none is left there.
	 */
	if (!probe_error || probe_error == ENOENT)
		module_file_remove(KEY_TYPE_MODULE_NAME);
	if (error)
		return fail("module", "it cannot be removed: %s", strerror(error));
	loaded = path_is_longer = false;
	return module_load();
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
	error = module_file_remove(MODULE_NAME);
	loaded = false;
	json = frame_begin("unload");
	json_bool(json, "ok", error == 0);
	frame_text_or_null(json, "errno", error ? strerrorname_np(error) : NULL);
	json_unsigned(json, "ns", ks_now() - start);
	json_signed(json, "refcount_before", refcount);
	frame_end();
}
