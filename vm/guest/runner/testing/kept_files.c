// SPDX-License-Identifier: MIT
/*
 * Files that are put back, for kept-files.test.ts:
 *
 *	kept_files NEEDED OPTIONAL	remembers both, writes "changed" into those that are there, and puts them back
 *
 * writes "saved S restored R", S and R 0 or -1, with the failure's sentence behind it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../failure.h"
#include "../files.h"
#include "../kept_files.h"

int main(int argc, char **argv)
{
	struct kept_file files[2] = { { .path = argv[1] }, { .path = argv[2], .optional = true } };
	int saved, restored = -1;

	if (argc != 3)
		return EXIT_FAILURE;
	saved = kept_files_save(files, 2);
	for (int i = 0; i < 2; i++)
		if (!access(files[i].path, F_OK) && file_write(files[i].path, "changed"))
			return EXIT_FAILURE;
	if (!saved)
		restored = kept_files_restore(files, 2);
	printf("saved %d restored %d %s\n", saved, restored, failure.message);
	return EXIT_SUCCESS;
}
