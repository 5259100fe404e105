// SPDX-License-Identifier: MIT
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/crc32.h"
#include "events.h"
#include "failure.h"

/* How long the reader may leave a frame unread before it counts as gone. */
#define FRAME_WRITE_MS 30000
/* Beats travel at least this often between windows; the protocol allows 2 s. */
#define BEAT_INTERVAL_NS KS_NS_PER_S
/* What a pipe that is writable takes without blocking. */
#define WRITE_CHUNK 4096

static struct json current;
static uint64_t frame_count;
static uint64_t last_frame_at;
static bool reader_gone;

static int write_all(const char *bytes, size_t size)
{
	while (size > 0) {
		struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
		int ready = poll(&out, 1, FRAME_WRITE_MS);
		ssize_t wrote;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0)
			return fail_with(RUNNER_STOPPED, "frames", "nobody has read them for %d ms", FRAME_WRITE_MS);
		wrote = write(STDOUT_FILENO, bytes, size < WRITE_CHUNK ? size : WRITE_CHUNK);
		if (wrote < 0 && errno != EINTR && errno != EAGAIN)
			return fail_with(RUNNER_STOPPED, "frames", "their reader is gone: %s", strerror(errno));
		if (wrote > 0) {
			bytes += wrote;
			size -= (size_t)wrote;
		}
	}
	return 0;
}

struct json *frame_begin(const char *type)
{
	json_reset(&current);
	json_object(&current, NULL);
	json_text(&current, "t", type);
	json_unsigned(&current, "n", frame_count++);
	return &current;
}

void frame_end(void)
{
	char head[16];

	json_object_end(&current);
	if (reader_gone)
		return;
	snprintf(head, sizeof(head), "KSF %08x ", ks_crc32(current.text, current.length));
	reader_gone = write_all(head, strlen(head)) || write_all(current.text, current.length) || write_all("\n", 1);
	last_frame_at = ks_now();
}

void frame_beat(const char *phase)
{
	struct json *json;

	if (ks_now() - last_frame_at < BEAT_INTERVAL_NS)
		return;
	json = frame_begin("beat");
	json_unsigned(json, "mono", ks_now());
	json_text(json, "phase", phase);
	frame_end();
}

int frame_unread(void)
{
	struct stat status;
	int bytes = 0;

	/* Of a pipe, or of a terminal or socket. */
	if (fstat(STDOUT_FILENO, &status) || ioctl(STDOUT_FILENO, S_ISFIFO(status.st_mode) ? FIONREAD : TIOCOUTQ, &bytes))
		return 0;
	return bytes;
}

static void write_or_null(struct json *json, const char *key, bool known, uint64_t value)
{
	if (known)
		json_unsigned(json, key, value);
	else
		json_null(json, key);
}

void frame_histogram(struct json *json, const char *key, const struct ks_histogram *histogram)
{
	json_object(json, key);
	json_text(json, "layout", "log-linear");
	json_unsigned(json, "version", KS_HISTOGRAM_VERSION);
	json_unsigned(json, "sub_bits", KS_HISTOGRAM_SUB_BITS);
	json_text(json, "unit", "ns");
	json_unsigned(json, "count", histogram->count);
	write_or_null(json, "min", histogram->count > 0, histogram->min);
	write_or_null(json, "max", histogram->count > 0, histogram->max);
	json_unsigned(json, "sum", histogram->sum);
	json_array(json, "buckets");
	for (size_t i = 0; i < KS_HISTOGRAM_BUCKETS; i++) {
		if (histogram->buckets[i] == 0)
			continue;
		json_array(json, NULL);
		json_unsigned(json, NULL, i);
		json_unsigned(json, NULL, histogram->buckets[i]);
		json_array_end(json);
	}
	json_array_end(json);
	json_object_end(json);
}

void frame_text_or_null(struct json *json, const char *key, const char *text)
{
	if (text)
		json_text(json, key, text);
	else
		json_null(json, key);
}
