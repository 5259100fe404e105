// SPDX-License-Identifier: MIT
/*
 * negative-key-churn: many requests are rejected, each for a second. Every rejection is a key, and a link to it, that its requester pays
 * for until the kernel's collector has taken it out of all keyrings. Both return to its quota, and what that takes of the processor has
 * a bound.
 *
 * Today's kernel gives back the keys and not the links: keyring_gc() takes links out of a keyring without a word to its quota, as
 * __key_unlink() has it; what they took returns with the keyring.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "gc_delay.h"
#include "key_quota.h"
#include "mechanism.h"
#include "puppet.h"
#include "stand_in.h"
#include "verdict.h"

#define REQUESTS 200
/* What is told of them is heard in so many looks of the agent. */
#define CHURN_MS (60000 * slowness())
/* A second to live, one more that the kernel rounds up, the delay, and then the collector's turn. */
#define RETURN_MS (3000 + PATIENCE_MS)
/* The link goes with the key: whatever is charged still by then is charged for good. */
#define BYTES_MS (1000 * slowness())
#define LOOK_MS 20
#define WORKERS_MAX 128
/* Once there is nothing to collect, so much of this time at most goes to the collector. */
#define IDLE_MS 1000
#define IDLE_SHARE 10
/* And so much of the time from the first request until the quota has returned. */
#define BUSY_SHARE 50

/* Kernel workers, and the milliseconds of the processor that each has had. The collector is work for any of them. */
struct workers {
	int count;
	struct {
		pid_t pid;
		long ms;
	} worker[WORKERS_MAX];
};

/* False: it is none. A worker's name says what it worked on last. */
static bool worker_time(pid_t pid, long *ms)
{
	unsigned long user, system;
	char path[64], name[80];
	FILE *stat;
	int found;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return false;
	found = fscanf(stat, "%*d (%79[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", name, &user, &system);
	fclose(stat);
	*ms = (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
	return found == 3 && !strncmp(name, "kworker/", 8);
}

static struct workers workers_now(void)
{
	struct workers workers = { 0 };
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	require(proc, "cannot list /proc: %s", strerror(errno));
	while ((entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		long ms;

		if (pid <= 0 || !worker_time(pid, &ms))
			continue;
		require(workers.count < WORKERS_MAX, "there are more than %d kernel workers", WORKERS_MAX);
		workers.worker[workers.count].pid = pid;
		workers.worker[workers.count++].ms = ms;
	}
	closedir(proc);
	return workers;
}

/* What those there are now have had since; one that has ended meanwhile had nothing to do for minutes. */
static long worked_ms(const struct workers *before)
{
	struct workers now = workers_now();
	long sum = 0;

	for (int i = 0; i < now.count; i++) {
		sum += now.worker[i].ms;
		for (int j = 0; j < before->count; j++)
			if (before->worker[j].pid == now.worker[i].pid)
				sum -= before->worker[j].ms;
	}
	return sum;
}

/* A request after the other. Their keys go where they outlive who asks. Tells how many were rejected. */
static void churn(int channel, const void *argument)
{
	int rejected = 0;

	(void)argument;
	for (int i = 0; i < REQUESTS; i++) {
		char description[64];

		snprintf(description, sizeof(description), STAND_IN_REJECTS "%d", i);
		rejected += ks_request_key("user", description, "ks", KEY_SPEC_SESSION_KEYRING) < 0 && errno == ENOENT;
	}
	require(write(channel, &rejected, sizeof(rejected)) == sizeof(rejected), "cannot tell how many were rejected");
}

/* In the agent: rejects until nobody asks any more. */
static int reject_all(struct step *step)
{
	int error = 0;

	for (long i = 0; i < step->number && !error; i++) {
		struct step one = { .number = PATIENCE_MS };

		error = puppet_take(&one);
		one.number = STAND_IN_SECONDS;
		if (!error)
			error = puppet_reject(&one);
	}
	return error;
}

static int churned(const struct place *container, const struct puppet *agent)
{
	struct step step = { .number = REQUESTS };
	struct task task;
	int rejected, error = 0;

	if (agent)
		puppet_begin(agent, reject_all, &step);
	task = place_start(container, churn, NULL, 0);
	require(task_tells(&task, &rejected, sizeof(rejected), CHURN_MS), "%d requests have not ended after %d ms", REQUESTS, CHURN_MS);
	task_end(&task);
	if (agent)
		require(puppet_ended(agent, &error, NULL, 2 * PATIENCE_MS) && !error, "the agent could not reject all: %s", strerror(error));
	return rejected;
}

/* Waits until no more keys, or bytes of them, are charged than before. Whether it came to that. */
static bool keys_return(const struct key_quota *before, int64_t deadline)
{
	while (key_quota_of(PLACE_FIRST_ID).charged_keys > before->charged_keys) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
	}
	return true;
}

static bool bytes_return(const struct key_quota *before, int64_t deadline)
{
	while (key_quota_of(PLACE_FIRST_ID).charged_bytes > before->charged_bytes) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
	}
	return true;
}

static long idle_ms(void)
{
	struct workers before = workers_now();

	sleep_ms(IDLE_MS);
	return worked_ms(&before);
}

void check_negative_key_churn(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct puppet puppet, *agent = NULL;
	struct key_quota before, most, after;
	bool keys, bytes;
	struct workers workers;
	long busy, elapsed, idle;
	int rejected;

	if (has_agents()) {
		puppet = puppet_agent(&container);
		agent = &puppet;
	}
	/* The first request of a user leaves keyrings that the kernel keeps for the user. */
	require(is_served(&container, agent, "ks:check:before:0:0"), "requests are not served, churn or not");
	if (!agent)
		hanging_helper_install();
	gc_delay_shorten();
	require(key_quota_is_steady(PLACE_FIRST_ID), "the keys of the container do not come to rest before the first request");
	before = key_quota_of(PLACE_FIRST_ID);
	workers = workers_now();
	elapsed = now_ms();
	rejected = churned(&container, agent);
	most = key_quota_of(PLACE_FIRST_ID);
	keys = keys_return(&before, now_ms() + RETURN_MS);
	elapsed = now_ms() - elapsed;
	busy = worked_ms(&workers);
	bytes = bytes_return(&before, now_ms() + BYTES_MS);
	after = key_quota_of(PLACE_FIRST_ID);
	idle = idle_ms();
	decide(keys, "churned-keys-return",
	       "of %d requests %d were rejected for a second; the requester was charged for %ld keys before, %ld then and %ld %ld ms after the first",
	       REQUESTS, rejected, before.charged_keys, most.charged_keys, after.charged_keys, elapsed);
	decide(bytes, "churned-bytes-return",
	       "of %d requests %d were rejected for a second; the requester was charged for %ld bytes before, %ld then and, its keys being %ld again, %ld",
	       REQUESTS, rejected, before.charged_bytes, most.charged_bytes, after.charged_keys, after.charged_bytes);
	decide(busy * 100 <= elapsed * BUSY_SHARE && idle * 100 <= IDLE_MS * IDLE_SHARE, "collector-bounded",
	       "of the %ld ms of %d rejected requests and their collection the kernel's workers took %ld ms; of the %d ms after it %ld ms",
	       elapsed, REQUESTS, busy, IDLE_MS, idle);
	if (!agent)
		hanging_helper_remove();
	fault_was("negative-key-churn", rejected, keys && is_served(&container, agent, "ks:check:after:0:0"));
}
