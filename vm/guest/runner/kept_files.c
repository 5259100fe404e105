// SPDX-License-Identifier: MIT
#include "kept_files.h"

#include <errno.h>
#include <string.h>

#include "failure.h"
#include "files.h"

int kept_files_save(struct kept_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct kept_file *file = &files[i];

		file->there = !file_read(file->path, file->value, sizeof(file->value));
		if (!file->there && !(file->optional && errno == ENOENT))
			return fail("checks", "cannot read %s: %s", file->path, strerror(errno));
	}
	return 0;
}

int kept_files_restore(const struct kept_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (files[i].there && file_write(files[i].path, files[i].value))
			return fail("checks", "cannot put %s back: %s", files[i].path, strerror(errno));
	return 0;
}
