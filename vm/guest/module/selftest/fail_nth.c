// SPDX-License-Identifier: MIT
#include "fail_nth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static int file = -1;

void fail_nth_open(void)
{
	file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	require(file >= 0, "this kernel lets no allocation fail on demand: %s", strerror(errno));
}

void fail_nth_arm(int nth)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", nth);

	require(write(file, text, (size_t)size) == size, "cannot arm fail-nth: %s", strerror(errno));
}

/*
 * Reading and writing the file copies from and to user space as well: when that is what the fault was left for, it meets nobody
 * else.
 */
bool fail_nth_disarm(void)
{
	char text[16] = "";
	bool readable = pread(file, text, sizeof(text) - 1, 0) > 0;

	require(readable || errno == EFAULT, "cannot read fail-nth: %s", strerror(errno));
	require(pwrite(file, "0", 1, 0) == 1 || errno == EFAULT, "cannot disarm fail-nth: %s", strerror(errno));
	return readable && atoi(text) == 0;
}
