/* SPDX-License-Identifier: MIT */
/* Small files whose contents are put back when somebody else may have changed them. */
#ifndef KS_KEPT_FILES_H
#define KS_KEPT_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct kept_file {
	const char *path;
	bool optional;		/* not every kernel has it */
	bool there;		/* it had, when they were saved */
	char value[32];
};

/** Remembers what is in them. 0, or -1 with a failure, also where one that is not optional is not there. */
int kept_files_save(struct kept_file *files, size_t count);

/** Puts back what was remembered, of all that were there. 0, or -1 with a failure. */
int kept_files_restore(const struct kept_file *files, size_t count);

#endif
