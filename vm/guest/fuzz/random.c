// SPDX-License-Identifier: MIT
#include "fuzz.h"

#include <string.h>

static uint64_t state = 1;

/* splitmix64: any seed will do, also neighbouring ones. */
void draw_from(uint64_t seed)
{
	state = seed;
}

uint64_t draw_bits(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint32_t draw(uint32_t below)
{
	return (uint32_t)((draw_bits() >> 32) * below >> 32);
}

bool once_in(uint32_t n)
{
	return draw(n) == 0;
}

void draw_bytes(void *bytes, size_t size)
{
	unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)draw_bits();
}

uint64_t draw_edge(void)
{
	static const uint64_t edges[] = {
		0, 1, 2, 7, 8, 31, 32, 40, 64, 256, 511, 512, 4095, 4096, 8191, 32767, 32768, 65536, 1048575, 1048576,
		INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX,
	};
	uint64_t edge = draw_of(edges);

	switch (draw(5)) {
	case 0:
		return edge - 1;
	case 1:
		return edge + 1;
	case 2:
		return draw_bits() >> draw(64);
	default:
		return edge;
	}
}
