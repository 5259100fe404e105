// SPDX-License-Identifier: MIT
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "mechanism.h"
#include "pidfd.h"

/* Between two looks at a request that may end, or may come to whoever answers. */
#define LOOK_MS 5
#define HELPERS_MAX 16
/* What the helper enters of its requester's; of a pid namespace only children would be. */
#define ENTERED (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

/* ---- in the puppet ---- */

static int enter(struct step *step)
{
	int pidfd = pidfd_of((pid_t)step->number);

	return pidfd < 0 || setns(pidfd, ENTERED) || close(pidfd) ? errno : 0;
}

static int answer_with(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : puppet_give(step, step->description, strlen(step->description));
}

static int reject_with(struct step *step)
{
	int error = puppet_assume(step);

	return error ? error : puppet_refuse(step, (unsigned int)step->values[0], (unsigned int)step->number);
}

/* Abstract: a helper of the kernel's is in the init network namespace, as the check is. */
static socklen_t address_of_check(struct sockaddr_un *address)
{
	static const char name[] = "keystorm-actor";

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path + 1, name, sizeof(name));
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + sizeof(name));
}

void actor_helper_run(ks_key_serial key)
{
	struct sockaddr_un address;
	socklen_t size = address_of_check(&address);
	int channel;

	/* The kernel opens none for it, and what is said on standard error shall go nowhere else. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		open("/dev/null", O_RDWR);
	channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (channel < 0 || connect(channel, (struct sockaddr *)&address, size) || write(channel, &key, sizeof(key)) != sizeof(key))
		hanging_helper_run();
	puppet_obey(channel);
	_exit(0);
}

/* ---- in the check ---- */

static int listen_to_helpers(void)
{
	struct sockaddr_un address;
	socklen_t size = address_of_check(&address);
	int helpers = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	require(helpers >= 0 && !bind(helpers, (struct sockaddr *)&address, size) && !listen(helpers, HELPERS_MAX),
		"cannot listen to helpers: %s", strerror(errno));
	return helpers;
}

struct actor actor_start(const struct place *place)
{
	struct actor actor = { .helpers = -1 };

	if (has_agents()) {
		actor.agent = puppet_agent(place);
	} else {
		actor.helpers = listen_to_helpers();
		hanging_helper_install();
	}
	return actor;
}

static struct upcall take_helper(const struct actor *actor, const struct task *requester)
{
	struct pollfd ready = { actor->helpers, POLLIN, 0 };
	struct step step = { .number = requester->pid };
	struct upcall upcall = { 0 };
	int error;

	require(poll(&ready, 1, PATIENCE_MS) == 1, "no helper was executed within %d ms", PATIENCE_MS);
	upcall.puppet.task.channel = accept4(actor->helpers, NULL, NULL, SOCK_CLOEXEC);
	require(upcall.puppet.task.channel >= 0 && task_tells(&upcall.puppet.task, &upcall.serial, sizeof(upcall.serial), PATIENCE_MS),
		"a helper does not say what it is for");
	error = mechanism.route == ROUTE_NSENTER ? upcall_does(&upcall, enter, &step) : 0;
	require(!error, "cannot enter the requester's namespaces: %s", strerror(error));
	return upcall;
}

struct upcall actor_take(const struct actor *actor, const struct task *requester)
{
	struct step step;

	if (actor->helpers >= 0)
		return take_helper(actor, requester);
	require(puppet_is_told(&actor->agent, &step, PATIENCE_MS), "the agent was told of no request within %d ms", PATIENCE_MS);
	return (struct upcall){ step.serial, actor->agent };
}

bool actor_is_asked(const struct actor *actor)
{
	struct pollfd ready = { actor->helpers, POLLIN, 0 };

	return actor->helpers >= 0 ? poll(&ready, 1, 0) == 1 : !puppet_does(&actor->agent, puppet_look, NULL);
}

int upcall_does(const struct upcall *upcall, puppet_step run, struct step *step)
{
	struct step none = { 0 };

	if (!step)
		step = &none;
	step->serial = upcall->serial;
	return puppet_does(&upcall->puppet, run, step);
}

int upcall_answer(const struct upcall *upcall, const char *text)
{
	struct step step = { 0 };

	snprintf(step.description, sizeof(step.description), "%s", text);
	return upcall_does(upcall, answer_with, &step);
}

int upcall_reject(const struct upcall *upcall, int error, int seconds)
{
	struct step step = { .number = seconds, .values = { error } };

	return upcall_does(upcall, reject_with, &step);
}

void upcall_end(struct upcall *upcall)
{
	if (!has_agents())
		close(upcall->puppet.task.channel);
	upcall->puppet.task.channel = -1;
}

struct served actor_serve_question(const struct actor *actor, const struct place *place, const struct question *question,
				   const char *text)
{
	struct task request = ask_question(place, question);
	int64_t deadline = now_ms() + PATIENCE_MS;
	struct served served = { 0 };

	while (!task_has_told(&request) && !(served.asked = actor_is_asked(actor))) {
		require(now_ms() < deadline, "a request has neither ended nor come to its answerer after %d ms", PATIENCE_MS);
		sleep_ms(LOOK_MS);
	}
	if (served.asked) {
		struct upcall upcall = actor_take(actor, &request);
		int error = upcall_answer(&upcall, text);

		require(!error, "an answer was refused: %s", strerror(error));
		upcall_end(&upcall);
	}
	served.reply = reply_within(&request, PATIENCE_MS);
	return served;
}

struct served actor_serve(const struct actor *actor, const struct place *place, const char *description, const char *text)
{
	struct question question = question_of(description);

	question.keyring = KEY_SPEC_SESSION_KEYRING;
	return actor_serve_question(actor, place, &question, text);
}

bool reply_says(const struct reply *reply, const char *text)
{
	return !reply->error && reply->size == (long)strlen(text) && !memcmp(reply->payload, text, strlen(text));
}
