// SPDX-License-Identifier: MIT
#include "keyusers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"
#include "frame.h"

#define KEY_USERS "/proc/key-users"
/* The collector needs a grace period and a pass; what is there after this long is a finding. */
#define KEYS_SETTLE_MS (3000 * slowness())
#define KEYS_LOOK_AGAIN_MS 50
#define USERS_MAX 256

struct key_users {
	int count;
	struct {
		uint32_t uid;
		int keys;
		int instantiated;
		int bytes;
	} user[USERS_MAX];
};

/* A line is "<uid>: <usage> <keys>/<instantiated> <keys>/<max> <bytes>/<max>". */
static int read_users(struct key_users *users)
{
	FILE *file = fopen(KEY_USERS, "re");
	char line[160];

	users->count = 0;
	if (!file)
		return fail("keys", "cannot read " KEY_USERS ": %s", strerror(errno));
	while (users->count < USERS_MAX && fgets(line, sizeof(line), file)) {
		int n = users->count;

		if (sscanf(line, "%" SCNu32 ": %*d %d/%d %*d/%*d %d/%*d", &users->user[n].uid, &users->user[n].keys,
			   &users->user[n].instantiated, &users->user[n].bytes) != 4) {
			fclose(file);
			return fail("keys", "%s has a line of an unknown form", KEY_USERS);
		}
		users->count++;
	}
	fclose(file);
	return 0;
}

static int under_construction(const struct key_users *users)
{
	int sum = 0;

	for (int i = 0; i < users->count; i++)
		sum += users->user[i].keys - users->user[i].instantiated;
	return sum;
}

static bool settled(const struct key_users *users, uint32_t uid_first, uint32_t uid_end)
{
	for (int i = 0; i < users->count; i++)
		if (users->user[i].uid >= uid_first && users->user[i].uid < uid_end && users->user[i].keys > 0)
			return false;
	return under_construction(users) == 0;
}

void keyusers_emit(const char *cell, uint32_t uid_first, uint32_t uid_end)
{
	static struct key_users users;
	uint64_t until = ks_now() + KEYS_SETTLE_MS * KS_NS_PER_MS;
	struct json *json;

	for (;;) {
		if (read_users(&users))
			return;
		if (settled(&users, uid_first, uid_end) || ks_now() >= until)
			break;
		events_wait(ks_now() + KEYS_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, "keys settle");
		if (failure.failed)
			break;
	}
	json = frame_begin("keys");
	json_text(json, "cell", cell);
	json_signed(json, "under_construction", under_construction(&users));
	json_object(json, "users");
	for (int i = 0; i < users.count; i++) {
		char uid[16];

		snprintf(uid, sizeof(uid), "%" PRIu32, users.user[i].uid);
		json_object(json, uid);
		json_signed(json, "keys", users.user[i].keys);
		json_signed(json, "bytes", users.user[i].bytes);
		json_object_end(json);
	}
	json_object_end(json);
	frame_end();
}
