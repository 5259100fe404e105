// SPDX-License-Identifier: MIT
#include "puppet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "answer_text.h"
#include "mechanism.h"
#include "process_status.h"
#include "registration.h"

/* Ids of the real agents are counted from 1. */
#define FIRST_ID 900
/* Between two looks at whether it, or the other side, has something to say. */
#define LOOK_MS 20
/* A rejection's error. */
#define REJECTION ENOENT

struct order {
	puppet_step run;
	struct step step;
};

struct report {
	int error;
	struct step step;
};

/* ---- in the puppet ---- */

static unsigned int own_id;
static int queue = -1;

void puppet_obey(int channel)
{
	struct order order;
	struct report report;

	while (read(channel, &order, sizeof(order)) == sizeof(order)) {
		report.step = order.step;
		report.error = order.run(&report.step);
		require(write(channel, &report, sizeof(report)) == sizeof(report), "cannot report a step");
	}
}

static void be_puppet(int channel, const void *argument)
{
	own_id = *(const unsigned int *)argument;
	block_agent_signal();
	puppet_obey(channel);
}

static int enlist(struct step *step, bool network)
{
	if (queue < 0) {
		queue = open_queue();
		/* What is read may have ended in the reading. */
		fcntl(queue, F_SETFL, O_NONBLOCK);
	}
	return registration_enlist(*step->type ? step->type : "user", queue, network) ? errno : 0;
}

int puppet_enlist(struct step *step)
{
	return enlist(step, true);
}

int puppet_enlist_any_network(struct step *step)
{
	return enlist(step, false);
}

/* What is longer than those of checks is cut. */
static void copy_words(struct step *step, const char *type, const char *description)
{
	snprintf(step->type, sizeof(step->type), "%.*s", (int)sizeof(step->type) - 1, type);
	snprintf(step->description, sizeof(step->description), "%.*s", (int)sizeof(step->description) - 1, description);
}

/* "type;uid;gid;perm;description" */
static int describe(struct step *step)
{
	char described[512], *rest = described, *type, *uid;

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, step->serial, described, sizeof(described)) < 0)
		return errno;
	described[sizeof(described) - 1] = '\0';
	type = strsep(&rest, ";");
	uid = strsep(&rest, ";");
	strsep(&rest, ";");
	strsep(&rest, ";");
	if (!rest || sscanf(uid, "%u", &step->uid) != 1)
		return EPROTO;
	copy_words(step, type, rest);
	return 0;
}

static int take_signal_within(struct step *step)
{
	int64_t deadline = now_ms() + step->number;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	for (;;) {
		int64_t left = deadline - now_ms() > 0 ? deadline - now_ms() : 0;
		struct timespec patience = { left / 1000, left % 1000 * 1000000 };
		siginfo_t info;

		if (sigtimedwait(&set, &info, &patience) < 0)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		step->serial = info.si_int;
		/* It may be over already; then there is nothing to be told of. */
		if (info.si_code == KS_SI_CODE && !describe(step))
			return 0;
	}
}

static int take_from_queue(struct step *step)
{
	int64_t deadline = now_ms() + step->number;
	struct message message;
	const struct ks_request *request = &message.request;
	const char *type = message.strings;

	for (;;) {
		int64_t left = deadline - now_ms();
		struct pollfd ready = { queue, POLLIN, 0 };

		if (read(queue, &message, sizeof(message)) >= (ssize_t)sizeof(*request))
			break;
		if (errno != EAGAIN)
			return errno;
		if (left <= 0)
			return ETIMEDOUT;
		poll(&ready, 1, (int)left);
	}
	step->serial = request->serial;
	step->uid = request->uid;
	copy_words(step, type, type + request->type_len + 1);
	return 0;
}

int puppet_take(struct step *step)
{
	return mechanism.delivery == DELIVERY_SIGNAL ? take_signal_within(step) : take_from_queue(step);
}

int puppet_look(struct step *step)
{
	sigset_t pending;

	(void)step;
	if (mechanism.delivery != DELIVERY_SIGNAL)
		return nothing_to_take(queue) ? EAGAIN : 0;
	require(!sigpending(&pending), "sigpending: %s", strerror(errno));
	return sigismember(&pending, agent_signal()) ? 0 : EAGAIN;
}

int puppet_assume(struct step *step)
{
	if (!answers_by_authority())
		return 0;
	return syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, step->serial) < 0 ? errno : 0;
}

/* What came of keyctl(2). */
static int done_by_authority(long result)
{
	int error = result ? errno : 0;

	/* Completion takes the authority away, and a request that was over leaves it behind. */
	if (error)
		syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
	return error;
}

int puppet_give(const struct step *step, const void *payload, size_t size)
{
	if (answers_by_authority())
		return done_by_authority(syscall(SYS_keyctl, KEYCTL_INSTANTIATE, step->serial, payload, size, 0));
	return answer(queue, step->serial, 0, 0, payload, size);
}

int puppet_refuse(const struct step *step, unsigned int error, unsigned int seconds)
{
	if (answers_by_authority())
		return done_by_authority(syscall(SYS_keyctl, KEYCTL_REJECT, step->serial, seconds, error, 0));
	return answer(queue, step->serial, error, seconds, NULL, 0);
}

int puppet_instantiate(struct step *step)
{
	char text[ANSWER_TEXT_SIZE];

	answer_text_of(own_id, step->description, text);
	return puppet_give(step, text, strlen(text) + 1);
}

int puppet_answer(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : puppet_instantiate(step);
}

int puppet_reject(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : puppet_refuse(step, REJECTION, (unsigned int)step->number);
}

/* ---- in the check ---- */

struct puppet puppet_start(const struct place *place)
{
	static unsigned int last_id = FIRST_ID;
	struct puppet puppet = { .id = ++last_id };

	puppet.task = place_start(place, be_puppet, &puppet.id, sizeof(puppet.id));
	return puppet;
}

struct puppet puppet_agent(const struct place *place)
{
	struct puppet puppet = puppet_start(place);
	int error = puppet_does(&puppet, puppet_enlist, NULL);

	require(!error, "an agent of the check's own cannot register: %s", strerror(error));
	return puppet;
}

void puppet_begin(const struct puppet *puppet, puppet_step run, const struct step *step)
{
	struct order order = { .run = run };

	if (step)
		order.step = *step;
	require(write(puppet->task.channel, &order, sizeof(order)) == sizeof(order), "agent %u has gone: %s", puppet->id,
		strerror(errno));
}

bool puppet_ended(const struct puppet *puppet, int *error, struct step *step, int ms)
{
	struct report report;

	if (!task_tells(&puppet->task, &report, sizeof(report), ms))
		return false;
	*error = report.error;
	if (step)
		*step = report.step;
	return true;
}

int puppet_does(const struct puppet *puppet, puppet_step run, struct step *step)
{
	int error = 0;

	puppet_begin(puppet, run, step);
	require(puppet_ended(puppet, &error, step, 2 * PATIENCE_MS), "agent %u does not end a step", puppet->id);
	return error;
}

bool puppet_is_told(const struct puppet *puppet, struct step *step, int ms)
{
	int error;

	*step = (struct step){ .number = ms };
	error = puppet_does(puppet, puppet_take, step);
	require(!error || error == ETIMEDOUT, "agent %u cannot take a request: %s", puppet->id, strerror(error));
	return !error;
}

bool puppet_is_told_before(const struct puppet *puppet, const struct task *request, struct step *step)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (!task_has_told(request) && now_ms() < deadline)
		if (puppet_is_told(puppet, step, LOOK_MS))
			return true;
	return false;
}

struct reply puppet_serves(const struct puppet *puppet, struct task request)
{
	struct step step;

	if (puppet_is_told_before(puppet, &request, &step)) {
		int error = puppet_does(puppet, puppet_answer, &step);

		require(!error, "agent %u cannot answer: %s", puppet->id, strerror(error));
	}
	return reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
}

bool reply_is_of_puppet(const struct reply *reply, const struct puppet *puppet)
{
	struct answerer who;

	return reply_answerer(reply, &who) && who.id == puppet->id;
}

bool is_served(const struct place *place, const struct puppet *puppet, const char *description)
{
	struct task request = ask_for(place, "user", description);
	struct reply reply;
	struct answerer who;

	if (puppet) {
		reply = puppet_serves(puppet, request);
		return reply_is_of_puppet(&reply, puppet);
	}
	reply = reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
	return reply_answerer(&reply, &who) && who.id == 0;
}

long puppet_notifications(const struct puppet *puppet)
{
	if (mechanism.delivery == DELIVERY_SIGNAL)
		return status_signals_queued(puppet->task.pid);
	return counter("notified_fd_write") + counter("notified_fd_keyctl");
}

bool puppet_is_notified(const struct puppet *puppet, long notifications)
{
	int64_t deadline = now_ms() + PATIENCE_MS;

	while (puppet_notifications(puppet) != notifications) {
		if (now_ms() >= deadline)
			return false;
		sleep_ms(LOOK_MS);
	}
	return true;
}

void puppet_kill(struct puppet *puppet)
{
	task_end(&puppet->task);
}
