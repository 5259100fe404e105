// SPDX-License-Identifier: MIT
/*
 * Looks for the requester in what stands for /proc/keys on standard input, for requester.test.ts:
 *
 *	requester AUTHORITY KEY CHUNK
 *
 * (serials in hexadecimal; the text is looked at in chunks of so many bytes) writes "found <lines> pid <pid>".
 */
#include <stdio.h>
#include <stdlib.h>

#include "../requester.h"

int main(int argc, char **argv)
{
	struct requester_search search = { 0 };
	char text[4096];
	size_t chunk, got;

	if (argc != 4)
		return 2;
	search.authority = (uint32_t)strtoul(argv[1], NULL, 16);
	search.key = (uint32_t)strtoul(argv[2], NULL, 16);
	chunk = strtoul(argv[3], NULL, 10);
	while ((got = fread(text, 1, chunk, stdin)) > 0)
		requester_search(&search, text, (long)got);
	printf("found %u pid %ld\n", search.found, search.found ? search.pid : 0);
	return 0;
}
