// SPDX-License-Identifier: MIT
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "frame.h"

/* One read of /dev/kmsg is one record; longer ones do not exist (the kernel's CONSOLE_EXT_LOG_MAX). */
#define RECORD_MAX 8192
/* A frame holds at most this many, so that a storm in the log makes many frames and not a giant. */
#define LINES_PER_FRAME 500
#define LEVEL_MASK 7
#define LEVEL_WARNING 4

static int kmsg = -1;

int kmsg_begin(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		return fail("kernel log", "cannot follow /dev/kmsg: %s", strerror(errno));
	return 0;
}

static void add_line(struct json *json, unsigned int level, unsigned long long mono_us, const char *text)
{
	json_array(json, NULL);
	json_unsigned(json, NULL, level);
	json_unsigned(json, NULL, mono_us);
	json_text(json, NULL, text);
	json_array_end(json);
}

/* A record is "<prefix>,<sequence>,<µs>,<flags>;<text>\n", then lines of dictionary, which start with a blank. */
static void add_record(struct json *json, char *record)
{
	unsigned long long sequence, mono_us;
	unsigned int prefix;
	char *text = strchr(record, ';');

	if (!text || sscanf(record, "%u,%llu,%llu", &prefix, &sequence, &mono_us) != 3)
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	add_line(json, prefix & LEVEL_MASK, mono_us, text);
}

static struct json *begin(const char *cell)
{
	struct json *json = frame_begin("kmsg");

	frame_text_or_null(json, "cell", cell);
	json_array(json, "lines");
	return json;
}

static void end(struct json *json)
{
	json_array_end(json);
	frame_end();
}

static void emit(const char *cell, struct json *json)
{
	static char record[RECORD_MAX];
	int lines = 0;

	for (;;) {
		ssize_t size = read(kmsg, record, sizeof(record) - 1);

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && errno != EPIPE)
			break;
		if (!json)
			json = begin(cell);
		if (size < 0) {
			add_line(json, LEVEL_WARNING, 0, "keystorm: kernel log records were overwritten before they could be read");
		} else {
			record[size] = '\0';
			add_record(json, record);
		}
		if (++lines % LINES_PER_FRAME == 0) {
			end(json);
			json = NULL;
		}
	}
	if (json)
		end(json);
}

void kmsg_emit(const char *cell)
{
	emit(cell, begin(cell));
}

void kmsg_emit_news(const char *cell)
{
	emit(cell, NULL);
}
