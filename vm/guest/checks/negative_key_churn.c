// SPDX-License-Identifier: MIT
/*
 * negative-key-churn: many requests are rejected, each for a second. Every rejection is a key that its requester pays for until the
 * kernel's collector has taken it out of all keyrings. Its quota returns, and what that takes of the processor has a bound.
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
/* Once there is nothing to collect, so much of this time at most goes to the collector. */
#define IDLE_MS 1000
#define IDLE_SHARE 10
/* And so much of the time from the first request until the quota has returned. */
#define BUSY_SHARE 50

/* Milliseconds of the processor that a kernel worker has had, 0: it is none. The collector is work for any of them. */
static long worker_ms(const char *pid)
{
	unsigned long user, system;
	char path[64], name[32];
	FILE *stat;
	int found;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return 0;
	found = fscanf(stat, "%*d (%31[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", name, &user, &system);
	fclose(stat);
	return found == 3 && !strncmp(name, "kworker/", 8) ? (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK)) : 0;
}

static long workers_ms(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	long sum = 0;

	require(proc, "cannot list /proc: %s", strerror(errno));
	while ((entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			sum += worker_ms(entry->d_name);
	closedir(proc);
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

static bool quota_returns(const struct key_quota *before)
{
	int64_t deadline = now_ms() + RETURN_MS;

	for (;;) {
		struct key_quota now = key_quota_of(PLACE_FIRST_ID);

		if (now.charged_keys <= before->charged_keys && now.charged_bytes <= before->charged_bytes)
			return true;
		if (now_ms() >= deadline)
			return false;
		sleep_ms(20);
	}
}

static long idle_ms(void)
{
	long before = workers_ms();

	sleep_ms(IDLE_MS);
	return workers_ms() - before;
}

void check_negative_key_churn(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct puppet puppet, *agent = NULL;
	struct key_quota before, most, after;
	long busy, elapsed, idle;
	int rejected;
	bool returns;

	if (has_agents()) {
		puppet = puppet_agent(&container);
		agent = &puppet;
	} else {
		hanging_helper_install();
	}
	gc_delay_shorten();
	require(key_quota_settles(PLACE_FIRST_ID), "keys are under construction before the first request");
	before = key_quota_of(PLACE_FIRST_ID);
	busy = workers_ms();
	elapsed = now_ms();
	rejected = churned(&container, agent);
	most = key_quota_of(PLACE_FIRST_ID);
	returns = quota_returns(&before);
	elapsed = now_ms() - elapsed;
	busy = workers_ms() - busy;
	after = key_quota_of(PLACE_FIRST_ID);
	idle = idle_ms();
	decide(returns, "churned-quota-returns",
	       "of %d requests %d were rejected for a second; the requester's keys were %ld before, %ld then and %ld %ld ms after the first",
	       REQUESTS, rejected, before.charged_keys, most.charged_keys, after.charged_keys, elapsed);
	decide(busy * 100 <= elapsed * BUSY_SHARE && idle * 100 <= IDLE_MS * IDLE_SHARE, "collector-bounded",
	       "of the %ld ms of %d rejected requests and their collection the kernel's workers took %ld ms; of the %d ms after it %ld ms",
	       elapsed, REQUESTS, busy, IDLE_MS, idle);
	if (!agent)
		hanging_helper_remove();
	fault_was("negative-key-churn", rejected, returns && is_served(&container, agent, "ks:check:after:0:0"));
}
