// SPDX-License-Identifier: MIT
/*
 * shared-uid-range: two containers are given the same range of ids, which whoever starts containers should never do. Quotas and the
 * sight of keys go by the id, so each is the other's neighbour in both; who answers goes by the container.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "process_status.h"
#include "puppet.h"
#include "verdict.h"

/* What one of them has; everybody is then allowed half of it. key_quota_use() names them ballast-0 and following. */
#define KEYS 40
#define BYTES 16
#define A_KEY_OF_IT "ballast-7"

struct pod {
	struct place place;
	struct puppet puppet;	/* where there are agents */
};

static struct pod pod_new(uid_t first_id)
{
	struct pod pod = { .place = place_new(NULL, CONTAINER_NAMESPACES, first_id) };

	if (has_agents())
		pod.puppet = puppet_agent(&pod.place);
	return pod;
}

/* What this process's /proc/keys shows of a key, and whether its serial can be used to have it described. */
static void look(int channel, const void *argument)
{
	char line[512], described[512];
	unsigned int serial, seen = 0;
	FILE *keys = fopen("/proc/keys", "re");

	(void)argument;
	require(keys, "cannot read /proc/keys: %s", strerror(errno));
	while (fgets(line, sizeof(line), keys))
		if (strstr(line, A_KEY_OF_IT ":") && sscanf(line, "%x", &serial) == 1)
			seen = 1 + (syscall(SYS_keyctl, KEYCTL_DESCRIBE, serial, described, sizeof(described)) > 0);
	fclose(keys);
	require(write(channel, &seen, sizeof(seen)) == sizeof(seen), "cannot tell what was seen");
}

/* 0: nothing, 1: a line, 2: and its description by the serial. */
static unsigned int sees_key(const struct pod *pod)
{
	struct task task = place_start(&pod->place, look, NULL, 0);
	unsigned int seen;

	require(task_tells(&task, &seen, sizeof(seen), PATIENCE_MS), "nobody told what /proc/keys shows");
	task_end(&task);
	return seen;
}

static struct reply ask_from(const struct pod *pod, const char *description)
{
	struct task request = ask_for(&pod->place, "user", description);

	return has_agents() ? puppet_serves(&pod->puppet, request) : reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
}

static bool is_right(const struct pod *pod, const struct reply *reply)
{
	struct answerer who;

	return has_agents() ? reply_is_of_puppet(reply, &pod->puppet) : reply_answerer(reply, &who);
}

/* Under the limit that its neighbour alone had reached. */
static bool is_served_in_time(const struct pod *pod)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	struct reply reply;

	do {
		reply = ask_from(pod, "ks:check:range:0:2");
	} while (!is_right(pod, &reply) && now_ms() < deadline);
	return is_right(pod, &reply);
}

void check_shared_uid_range(void)
{
	struct pod full = pod_new(PLACE_FIRST_ID), neighbour = pod_new(PLACE_FIRST_ID), apart = pod_new(PLACE_FIRST_ID + PLACE_IDS);
	struct reply before = ask_from(&neighbour, "ks:check:range:0:0"), limited, elsewhere;
	unsigned int seen, seen_elsewhere;
	bool same;

	require(is_right(&neighbour, &before), "requests are not served, whatever the range: %s", reply_text(&before));
	key_quota_use(&full.place, KEYS, BYTES);
	seen = sees_key(&neighbour);
	seen_elsewhere = sees_key(&apart);
	key_quota_limit_keys(KEYS / 2);
	limited = ask_from(&neighbour, "ks:check:range:0:1");
	elsewhere = ask_from(&apart, "ks:check:range:0:1");
	require(is_right(&apart, &elsewhere) && !seen_elsewhere, "a container with a range of its own is disturbed as well: %s", reply_text(&elsewhere));
	same = status_uid(full.place.init) == status_uid(neighbour.place.init);
	decide(limited.error != EDQUOT, "shared-range-quota-separate",
	       "a container has %d keys and may have %d; a request from another with the same ids: %s; from one with ids of its own: %s", KEYS,
	       KEYS / 2, reply_text(&limited), reply_text(&elsewhere));
	decide(seen == 0, "shared-range-keys-hidden", "a container with the same ids as another sees %s of a key in that one's session keyring",
	       seen == 0 ? "nothing" : seen == 1 ? "the line in /proc/keys" : "the line in /proc/keys, and by its serial the description,");
	decide(is_right(&neighbour, &before), "shared-range-answered-by-own", "two containers with the same ids ask%s: %s",
	       has_agents() ? ", each with an agent" : "", reply_text(&before));
	place_end(&full.place);
	fault_was("shared-uid-range", same, is_served_in_time(&neighbour));
	key_quota_unlimit();
}
