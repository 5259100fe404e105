// SPDX-License-Identifier: MIT
/* The record of when an upcall reached which stage. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>

#include "behaviours.h"
#include "harness.h"
#include "identity.h"

#define ROOM 8

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static struct ks_stages request_for(struct ks_stage *records, uint32_t nr)
{
	return (struct ks_stages){ .size = sizeof(struct ks_stages), .nr = nr, .records = (uint64_t)(uintptr_t)records };
}

/* The errno of taking records, 0 if it worked. */
static int take_stages(int device, struct ks_stages *stages)
{
	return ioctl(device, KS_IOC_STAGES, stages) ? errno : 0;
}

static uint32_t take_up_to(int device, struct ks_stage *records, uint32_t room)
{
	struct ks_stages stages = request_for(records, room);
	int error = take_stages(device, &stages);

	require(!error, "taking stages: %s", strerrorname_np(error));
	require(!stages.lost, "%llu records were lost", (unsigned long long)stages.lost);
	return stages.nr;
}

static ks_key_serial one_answered(int queue, const char *description)
{
	struct asker asker = ask(description);
	struct message message;

	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "x"), "the answer was refused");
	require_payload(&asker, "x");
	return message.request.serial;
}

static void stages_are_recorded(void)
{
	static const char *const asked[] = { "selftest:stage-1", "selftest:stage-2", "selftest:stage-3" };
	uint64_t before, after[3];
	struct ks_stage got[ROOM];
	ks_key_serial keys[3];
	int i, queue = open_queue();

	register_agent("fd-write:%d", queue);
	set("stages", "1");
	before = now_ns();
	for (i = 0; i < 3; i++) {
		keys[i] = one_answered(queue, asked[i]);
		after[i] = now_ns();
	}
	memset(got, 0xff, sizeof(got));
	require(take_up_to(queue, got, 2) == 2, "room for two does not give two");
	require(take_up_to(queue, got + 2, ROOM - 2) == 1, "the third is not left");
	require(take_up_to(queue, got + 3, ROOM - 3) == 0, "there is a fourth");
	for (i = 0; i < 3; i++) {
		require(got[i].serial == keys[i] && !got[i].reserved, "record %d is not of the key that was asked for", i);
		require(before <= got[i].entered && got[i].entered <= got[i].told && got[i].told <= got[i].over &&
				got[i].over <= after[i],
			"the times of record %d are not in order", i);
		before = got[i].over;
	}
	require(got[3].serial == -1, "more was written than taken");
}

static void stages_are_kept_when_recording_ends(void)
{
	struct ks_stage got[ROOM];
	int queue = open_queue();

	register_agent("fd-write:%d", queue);
	set("stages", "0");
	one_answered(queue, "selftest:not-recorded");
	set("stages", "1");
	require(take_up_to(queue, got, ROOM) == 0, "something was recorded while it was off");
	one_answered(queue, "selftest:recorded");
	set("stages", "0");
	one_answered(queue, "selftest:not-recorded-again");
	require(take_up_to(queue, got, ROOM) == 1, "what was recorded is not there");
	set("stages", "1");
	one_answered(queue, "selftest:forgotten");
	set("stages", "0");
	set("stages", "1");
	require(take_up_to(queue, got, ROOM) == 0, "recording anew does not forget");
	set("stages", "0");
}

static void stages_without_room_are_counted(void)
{
	struct ks_stage got[ROOM];
	struct ks_stages stages = request_for(got, ROOM);
	ks_key_serial kept[2];
	int queue = open_queue();

	register_agent("fd-write:%d", queue);
	set("stages_room", "2");
	set("stages", "1");
	kept[0] = one_answered(queue, "selftest:kept-1");
	kept[1] = one_answered(queue, "selftest:kept-2");
	one_answered(queue, "selftest:lost-1");
	one_answered(queue, "selftest:lost-2");
	one_answered(queue, "selftest:lost-3");
	require(!take_stages(queue, &stages) && stages.nr == 2, "not as many were kept as there was room for");
	require(stages.lost == 3, "3 were lost, %llu were counted", (unsigned long long)stages.lost);
	require(got[0].serial == kept[0] && got[1].serial == kept[1], "it was not the older ones that were kept");
	one_answered(queue, "selftest:kept-3");
	require(take_up_to(queue, got, ROOM) == 1, "there is no room again, or what was lost is counted twice");
	set("stages", "0");
}

static void hostile_requests_for_stages_are_refused(void)
{
	struct ks_stage got[ROOM];
	struct ks_stages stages;
	int queue = open_queue();

	register_agent("fd-write:%d", queue);
	set("stages", "1");
	one_answered(queue, "selftest:hostile");
	stages = request_for(got, ROOM);
	stages.size--;
	require(take_stages(queue, &stages) == EINVAL, "a wrong size is not EINVAL");
	stages = request_for(got, KS_STAGES_MAX + 1);
	require(take_stages(queue, &stages) == EINVAL, "too much room is not EINVAL");
	stages = request_for(got, UINT32_MAX);
	require(take_stages(queue, &stages) == EINVAL, "very much room is not EINVAL");
	stages = request_for(got, ROOM);
	stages.lost = 1;
	require(take_stages(queue, &stages) == EINVAL, "a lost that is not 0 is not EINVAL");
	stages = request_for((void *)8, ROOM);
	require(take_stages(queue, &stages) == EFAULT, "a bad address is not EFAULT");
	stages = request_for((void *)0xffff888000000000UL, ROOM);
	require(take_stages(queue, &stages) == EFAULT, "the kernel's address is not EFAULT");
	require(take_stages(queue, (void *)8) == EFAULT, "a bad argument is not EFAULT");
	require(take_up_to(queue, NULL, 0) == 0, "room for none gives some");
	require(take_up_to(queue, got, ROOM) == 1, "the record was lost");
	set("stages", "0");
}

static void require_refused_to(void (*become)(void), const char *who)
{
	struct ks_stage got[ROOM];
	struct ks_stages stages = request_for(got, ROOM);
	pid_t pid = fork_tied();
	int status;

	if (!pid) {
		become();
		require(take_stages(open_queue(), &stages) == EPERM, "%s may take stages", who);
		_exit(0);
	}
	require(waitpid(pid, &status, 0) == pid && !status, "%s was not refused", who);
}

static void stages_are_for_root(void)
{
	require_refused_to(become_ordinary, "an ordinary user");
	require_refused_to(enter_user_namespace, "root of a user namespace");
	require_refused_to(become_powerless, "root without capabilities");
}

const struct behaviour stage_behaviours[] = {
	{ "stages-are-recorded", stages_are_recorded },
	{ "stages-are-kept-when-recording-ends", stages_are_kept_when_recording_ends },
	{ "stages-without-room-are-counted", stages_without_room_are_counted },
	{ "hostile-requests-for-stages-are-refused", hostile_requests_for_stages_are_refused },
	{ "stages-are-for-root", stages_are_for_root },
	{ NULL, NULL },
};
