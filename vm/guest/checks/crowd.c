// SPDX-License-Identifier: MIT
#include "crowd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/harness.h"

struct gathering {
	char name[32];
	int size;
};

static void ask_one(const struct gathering *gathering, int number, int channel)
{
	struct question question;
	struct reply reply;
	char description[64];

	snprintf(description, sizeof(description), "ks:check:%s:%d:0", gathering->name, number);
	question = question_of(description);
	reply = question_ask(&question);
	/* Of a stream of this kind one write is one piece. */
	require(write(channel, &reply, sizeof(reply)) == sizeof(reply), "cannot tell what came of a request");
}

static void gather(int channel, const void *argument)
{
	const struct gathering *gathering = argument;

	for (int i = 0; i < gathering->size; i++)
		if (!fork_tied()) {
			ask_one(gathering, i, channel);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
}

void crowd_start(struct crowd *crowd, const struct place *place, const char *name, int size)
{
	struct gathering gathering = { .size = size };

	require(size <= CROWD_MAX, "a crowd of %d", size);
	snprintf(gathering.name, sizeof(gathering.name), "%s", name);
	crowd->size = size;
	crowd->heard = 0;
	crowd->task = place_start(place, gather, &gathering, sizeof(gathering));
}

int crowd_hear(struct crowd *crowd, int ms)
{
	int64_t deadline = now_ms() + ms;

	while (crowd->heard < crowd->size) {
		int64_t left = deadline - now_ms();

		if (!task_tells(&crowd->task, &crowd->replies[crowd->heard], sizeof(struct reply), left > 0 ? (int)left : 0))
			break;
		crowd->heard++;
	}
	return crowd->heard;
}

int crowd_answered(const struct crowd *crowd)
{
	return crowd_refused(crowd, 0);
}

int crowd_refused(const struct crowd *crowd, int error)
{
	int count = 0;

	for (int i = 0; i < crowd->heard; i++)
		count += crowd->replies[i].error == error;
	return count;
}

void crowd_end(struct crowd *crowd)
{
	task_end(&crowd->task);
}
