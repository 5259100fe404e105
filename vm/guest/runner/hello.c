// SPDX-License-Identifier: MIT
#include "hello.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../common/clock.h"
#include "failure.h"
#include "files.h"
#include "frame.h"
#include "module.h"

#define PROTOCOL 4
#define CMDLINE_SIZE 4096
#define DISPOSABLE_WORD "keystorm.disposable=1"
#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0/current_clocksource"

bool hello_is_disposable(void)
{
	char cmdline[CMDLINE_SIZE], *rest = cmdline, *word;

	if (file_read("/proc/cmdline", cmdline, sizeof(cmdline)))
		return false;
	while ((word = strsep(&rest, " \n")))
		if (strcmp(word, DISPOSABLE_WORD) == 0)
			return true;
	return false;
}

int hello_emit(uint32_t boot, const struct namespaces *init_namespaces)
{
	char cmdline[CMDLINE_SIZE], clocksource[64];
	struct utsname name;
	struct json *json;

	if (uname(&name) || file_read("/proc/cmdline", cmdline, sizeof(cmdline)) ||
	    file_read(CLOCKSOURCE, clocksource, sizeof(clocksource)))
		return fail("hello", "cannot describe the guest: %s", strerror(errno));
	json = frame_begin("hello");
	json_unsigned(json, "protocol", PROTOCOL);
	json_unsigned(json, "boot", boot);
	json_text(json, "kernel", name.release);
	json_text(json, "version", name.version);
	json_text(json, "machine", name.machine);
	json_signed(json, "smp", sysconf(_SC_NPROCESSORS_ONLN));
	json_text(json, "clocksource", clocksource);
	json_text(json, "cmdline", cmdline);
	json_text(json, "module", module_build_id());
	json_unsigned(json, "mono", ks_now());
	namespaces_write(json, "init_ns", init_namespaces);
	frame_end();
	return 0;
}
