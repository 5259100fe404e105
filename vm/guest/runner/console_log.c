// SPDX-License-Identifier: MIT
#include "console_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "files.h"

#define LOG "/dev/kmsg"
#define LEVEL_MASK 7
/* Its first number: records of a lower level go to the console. */
#define LEVELS "/proc/sys/kernel/printk"
/* One read of /dev/kmsg is one record. */
#define RECORD_MAX 8192
/* "[%5lu.%06lu] " before and "\r\n" after each line, until the guest has run for 100,000 s. */
#define AROUND_LINE (15 + 2)

/* "<prefix>,<sequence>,<µs>,<flags>;<text>\n", then lines of dictionary, which start with a blank and are not printed. */
static uint64_t printed(const char *record, int level)
{
	const char *text = strchr(record, ';');

	if (!text || (int)(strtoul(record, NULL, 10) & LEVEL_MASK) >= level)
		return 0;
	return strcspn(text + 1, "\n") + AROUND_LINE;
}

/* The console's level, or -1 with a failure. */
static int console_level(void)
{
	char text[64], *end;
	long level;

	if (file_read(LEVELS, text, sizeof(text)))
		return fail("meter", "cannot read " LEVELS ": %s", strerror(errno));
	level = strtol(text, &end, 10);
	return end == text ? fail("meter", LEVELS " says '%s', which is not a level", text) : (int)level;
}

int console_log_bytes(uint64_t *bytes)
{
	static char record[RECORD_MAX + 1];
	static uint64_t sum;
	static int log = -1;
	int level;

	if (log < 0) {
		log = open(LOG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (log < 0 || lseek(log, 0, SEEK_END) < 0)
			return fail("meter", "cannot follow " LOG ": %s", strerror(errno));
	}
	level = console_level();
	if (level < 0)
		return -1;
	for (;;) {
		ssize_t size = read(log, record, RECORD_MAX);

		/* EPIPE: records were overwritten, and reading goes on with the next that is there. */
		if (size < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (size < 0 && errno != EAGAIN)
			return fail("meter", "cannot read " LOG ": %s", strerror(errno));
		if (size <= 0)
			break;
		record[size] = '\0';
		sum += printed(record, level);
	}
	*bytes = sum;
	return 0;
}
