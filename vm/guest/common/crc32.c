// SPDX-License-Identifier: MIT
#include "crc32.h"

#define REFLECTED_POLYNOMIAL 0xedb88320u

static uint32_t table[256];

static void fill_table(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) ? REFLECTED_POLYNOMIAL : 0);
		table[byte] = crc;
	}
}

uint32_t ks_crc32(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	uint32_t crc = ~0u;

	if (table[1] == 0)
		fill_table();
	while (size--)
		crc = (crc >> 8) ^ table[(crc ^ *p++) & 0xff];
	return ~crc;
}
