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

static void obey(int channel, const void *argument)
{
	struct order order;
	struct report report;

	own_id = *(const unsigned int *)argument;
	block_agent_signal();
	while (read(channel, &order, sizeof(order)) == sizeof(order)) {
		report.step = order.step;
		report.error = order.run(&report.step);
		require(write(channel, &report, sizeof(report)) == sizeof(report), "cannot report a step");
	}
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

int puppet_assume(struct step *step)
{
	if (mechanism.delivery == DELIVERY_FD_WRITE)
		return 0;
	return syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, step->serial) < 0 ? errno : 0;
}

static int give_by_keyctl(const struct step *step, const char *text, unsigned int seconds)
{
	long result = text ? syscall(SYS_keyctl, KEYCTL_INSTANTIATE, step->serial, text, strlen(text) + 1, 0) :
			     syscall(SYS_keyctl, KEYCTL_REJECT, step->serial, seconds, REJECTION, 0);
	int error = result ? errno : 0;

	/* Completion takes the authority away, and a request that was over leaves it behind. */
	if (error)
		syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
	return error;
}

/* A text, or no text: then it is rejected. */
static int give(const struct step *step, const char *text, unsigned int seconds)
{
	if (mechanism.delivery != DELIVERY_FD_WRITE)
		return give_by_keyctl(step, text, seconds);
	return answer(queue, step->serial, text ? 0 : REJECTION, seconds, text, text ? strlen(text) + 1 : 0);
}

int puppet_instantiate(struct step *step)
{
	char text[ANSWER_TEXT_SIZE];

	answer_text_of(own_id, step->description, text);
	return give(step, text, 0);
}

int puppet_answer(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : puppet_instantiate(step);
}

int puppet_reject(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : give(step, NULL, (unsigned int)step->number);
}

/* ---- in the check ---- */

struct puppet puppet_start(const struct place *place)
{
	static unsigned int last_id = FIRST_ID;
	struct puppet puppet = { .id = ++last_id };

	puppet.task = place_start(place, obey, &puppet.id, sizeof(puppet.id));
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
