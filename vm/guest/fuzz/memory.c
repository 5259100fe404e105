// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define PAGE 4096u
#define PAGES 260u

void *at_the_edge(const void *bytes, size_t size)
{
	static unsigned char *pages;
	unsigned char *start;

	if (!pages) {
		pages = mmap(NULL, (PAGES + 1) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		require(pages != MAP_FAILED && !mprotect(pages + PAGES * PAGE, PAGE, PROT_NONE), "mmap: %s", strerror(errno));
	}
	require(size <= PAGES * PAGE, "no room for %zu bytes", size);
	start = pages + PAGES * PAGE - size;
	if (bytes)
		memcpy(start, bytes, size);
	return start;
}

void *draw_bad_address(void)
{
	static const uintptr_t bad[] = {
		0, 1, 8, 4095, 0x7fffffffe000, 0x7ffffffff000, 0x800000000000, 0xffff800000000000, 0xffff888000000000,
		0xffffffff81000000, 0xffffffffff600000, UINTPTR_MAX - 7, UINTPTR_MAX,
	};
	static const char readable[64] = "only to be read";

	switch (draw(4)) {
	case 0:
		return (void *)readable;
	case 1:
		return (char *)at_the_edge(NULL, 0) - draw(16);
	default:
		return (void *)draw_of(bad);
	}
}
