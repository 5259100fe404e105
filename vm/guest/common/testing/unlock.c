// SPDX-License-Identifier: MIT
/* unlock FILE BOOT_ID_FILE: the parameter that it makes, in brackets. */
#include <stdio.h>

#include "../unlock.h"

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	printf("[%s]\n", ks_unlock_of(argv[1], argv[2]));
	return 0;
}
