// SPDX-License-Identifier: MIT
/*
 * fill-disk: the guest's file systems that are written to are full. They are in memory, so they are not filled but may hold no
 * more than they do. A hit is one on which a write was seen to fail with ENOSPC.
 */
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "workplace.h"

static const char *const places[] = { WORKPLACE, "/run", "/tmp" };

#define PLACES (sizeof(places) / sizeof(places[0]))

static uint64_t sizes[PLACES];

/* Of the file system alone: its mounts keep their flags. */
static int set_size(const char *place, uint64_t bytes)
{
	int fs = fspick(AT_FDCWD, place, FSPICK_CLOEXEC), result = -1;
	char text[32];

	if (fs < 0)
		return -1;
	snprintf(text, sizeof(text), "%" PRIu64, bytes);
	if (!fsconfig(fs, FSCONFIG_SET_STRING, "size", text, 0) && !fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0))
		result = 0;
	close(fs);
	return result;
}

/* A page that was free may still take what is written first. */
static bool is_full(const char *place)
{
	static const char page[4096] = "full?";
	bool full = false;
	char path[64];
	int file;

	snprintf(path, sizeof(path), "%s/keystorm-fault", place);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0)
		return errno == ENOSPC;
	for (int i = 0; i < 2 && !full; i++)
		full = write(file, page, sizeof(page)) < 0 && errno == ENOSPC;
	close(file);
	unlink(path);
	return full;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	for (size_t i = 0; i < PLACES; i++) {
		struct statvfs status;
		uint64_t used;

		sizes[i] = 0;
		if (statvfs(places[i], &status) || status.f_blocks == 0)
			continue;
		used = (status.f_blocks - status.f_bfree) * status.f_frsize;
		/* A size of 0 would be without bounds. */
		if (!set_size(places[i], used > 0 ? used : status.f_frsize)) {
			sizes[i] = status.f_blocks * status.f_frsize;
			record->to_undo = true;
		}
	}
	return 0;
}

static int probe(struct fault_record *record)
{
	for (size_t i = 0; i < PLACES; i++)
		record->hits += sizes[i] > 0 && is_full(places[i]);
	return 0;
}

static void undo(struct fault_record *record)
{
	(void)record;
	for (size_t i = 0; i < PLACES; i++)
		if (sizes[i] > 0)
			set_size(places[i], sizes[i]);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = true;
	for (size_t i = 0; i < PLACES; i++)
		record->gone &= !is_full(places[i]);
	return 0;
}

const struct fault_kind fault_fill_disk = { .inject = inject, .probe = probe, .undo = undo, .settle = settle, .at_once = true };
