// SPDX-License-Identifier: MIT
#include "key_quota.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/keys.h"
#include "../module/selftest/harness.h"

#define FOLDER "/proc/sys/kernel/keys/"
#define PAYLOAD_MAX 4096
#define LOOK_MS 20
/* The collector takes what has died, but for a grace period of the kernel's, at once. */
#define STEADY_MS (500 * slowness())

struct limit {
	const char *file;
	long before;	/* 0: not limited yet */
};

static struct limit limit_of_keys = { FOLDER "maxkeys", 0 }, limit_of_bytes = { FOLDER "maxbytes", 0 };

struct use {
	int keys, bytes;
};

struct key_quota key_quota_of(uid_t uid)
{
	struct key_quota quota = { 0 };
	char line[160];
	FILE *users = fopen("/proc/key-users", "re");

	require(users, "cannot read /proc/key-users: %s", strerror(errno));
	while (fgets(line, sizeof(line), users)) {
		struct key_quota found;
		long finished;
		unsigned int of;

		if (sscanf(line, "%u: %*d %ld/%ld %ld/%*d %ld/%*d", &of, &found.keys, &finished, &found.charged_keys,
			   &found.charged_bytes) != 5 || of != uid)
			continue;
		found.unfinished = found.keys - finished;
		quota = found;
		break;
	}
	fclose(users);
	return quota;
}

static void set_limit(const struct limit *limit, long value)
{
	char text[32];
	int fd = open(limit->file, O_WRONLY | O_CLOEXEC), size = snprintf(text, sizeof(text), "%ld", value);

	require(fd >= 0 && write(fd, text, (size_t)size) == size, "cannot set %s: %s", limit->file, strerror(errno));
	close(fd);
}

static void limit_to(struct limit *limit, long value)
{
	char text[32] = "";
	int fd = open(limit->file, O_RDONLY | O_CLOEXEC);

	require(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0, "cannot read %s: %s", limit->file, strerror(errno));
	close(fd);
	if (!limit->before)
		limit->before = strtol(text, NULL, 10);
	set_limit(limit, value);
}

void key_quota_limit_keys(long keys)
{
	limit_to(&limit_of_keys, keys);
}

void key_quota_limit_bytes(long bytes)
{
	limit_to(&limit_of_bytes, bytes);
}

void key_quota_unlimit(void)
{
	if (limit_of_keys.before)
		set_limit(&limit_of_keys, limit_of_keys.before);
	if (limit_of_bytes.before)
		set_limit(&limit_of_bytes, limit_of_bytes.before);
}

static void use_here(int channel, const void *argument)
{
	const struct use *use = argument;
	static const char payload[PAYLOAD_MAX];

	for (int i = 0; i < use->keys; i++) {
		char description[32];

		snprintf(description, sizeof(description), "ballast-%d", i);
		require(ks_add_key("user", description, payload, (size_t)use->bytes, KEY_SPEC_SESSION_KEYRING) > 0,
			"cannot add a key: %s", strerror(errno));
	}
	task_done(channel);
}

void key_quota_use(const struct place *place, int keys, int bytes)
{
	struct use use = { keys, bytes };

	require(bytes > 0 && bytes <= PAYLOAD_MAX, "a payload of %d bytes", bytes);
	place_do(place, use_here, &use, sizeof(use));
}

bool key_quota_settles(uid_t uid)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (key_quota_of(uid).unfinished) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
	}
	return true;
}

bool key_quota_is_steady(uid_t uid)
{
	int64_t deadline = now_ms() + PATIENCE_MS, since = now_ms();
	struct key_quota last = key_quota_of(uid), now;

	while (now_ms() - since < STEADY_MS) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
		now = key_quota_of(uid);
		if (memcmp(&now, &last, sizeof(now)))
			since = now_ms();
		last = now;
	}
	return true;
}
