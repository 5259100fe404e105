// SPDX-License-Identifier: MIT
#include "key_settings.h"

#include <errno.h>
#include <string.h>

#include "failure.h"
#include "files.h"

#define FOLDER "/proc/sys/kernel/keys/"

static struct setting {
	const char *file;
	char value[32];
} settings[] = {
	{ FOLDER "maxkeys", "" },
	{ FOLDER "maxbytes", "" },
	{ FOLDER "gc_delay", "" },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

int key_settings_save(void)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (file_read(settings[i].file, settings[i].value, sizeof(settings[i].value)))
			return fail("checks", "cannot read %s: %s", settings[i].file, strerror(errno));
	return 0;
}

int key_settings_restore(void)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (file_write(settings[i].file, settings[i].value))
			return fail("checks", "cannot put %s back: %s", settings[i].file, strerror(errno));
	return 0;
}
