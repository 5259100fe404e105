// SPDX-License-Identifier: MIT
#include "kernel_settings.h"

#include "kept_files.h"

#define KEYS "/proc/sys/kernel/keys/"
#define FAULTS "/sys/kernel/debug/"

static struct kept_file settings[] = {
	{ .path = KEYS "maxkeys" },
	{ .path = KEYS "maxbytes" },
	{ .path = KEYS "gc_delay" },
	{ .path = FAULTS "failslab/ignore-gfp-wait", .optional = true },
	{ .path = FAULTS "failslab/verbose", .optional = true },
	{ .path = FAULTS "fail_usercopy/verbose", .optional = true },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

int kernel_settings_save(void)
{
	return kept_files_save(settings, SETTINGS);
}

int kernel_settings_restore(void)
{
	return kept_files_restore(settings, SETTINGS);
}
