// SPDX-License-Identifier: MIT
/*
 * offline-cpu: the last of the guest's processors is taken away, with all that ran there, and given back. Not the only one. A
 * hit is one that was seen to be gone.
 */
#include "fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define PROCESSORS "/sys/devices/system/cpu"

static void path_of(char *path, size_t size, const struct fault_record *record)
{
	snprintf(path, size, PROCESSORS "/cpu%u/online", (unsigned int)record->counted);
}

static int set(const struct fault_record *record, const char *online)
{
	char path[64];

	path_of(path, sizeof(path), record);
	return file_write(path, online);
}

static bool is_online(const struct fault_record *record)
{
	char path[64], text[16] = "";

	path_of(path, sizeof(path), record);
	return !file_read(path, text, sizeof(text)) && strcmp(text, "1") == 0;
}

/* "0-3", "0,2" or "0". 0: there is no other than the first. */
static uint32_t last_processor(void)
{
	char text[256], *at;

	if (file_read(PROCESSORS "/online", text, sizeof(text)))
		return 0;
	at = text + strlen(text);
	while (at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	return (uint32_t)strtoul(at, NULL, 10);
}

static int inject(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->counted = last_processor();
	record->to_undo = record->counted > 0 && !set(record, "0");
	return 0;
}

static int probe(struct fault_record *record)
{
	record->hits = !is_online(record);
	return 0;
}

static void undo(struct fault_record *record)
{
	set(record, "1");
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = is_online(record);
	return 0;
}

const struct fault_kind fault_offline_cpu = { .inject = inject, .probe = probe, .undo = undo, .settle = settle, .at_once = true };
