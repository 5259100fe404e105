// SPDX-License-Identifier: MIT
#include "question.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "capabilities.h"
#include "mechanism.h"

static void handle(int signo)
{
	(void)signo;
}

static void become_asker(const struct question *question)
{
	struct sigaction handler = { .sa_handler = handle };

	if (question->without) {
		capabilities_unbound(question->without);
		capabilities_keep(~CAPABILITY(question->without));
	}
	if (question->uid) {
		require(!setresgid(question->uid, question->uid, question->uid) && !setresuid(question->uid, question->uid, question->uid),
			"cannot become uid %u: %s", question->uid, strerror(errno));
		/* Changing ids untied it from its parent. */
		require(!prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG: %s", strerror(errno));
	}
	if (question->marked)
		require(ks_add_key("user", ASKERS_MARK, "", 1, KEY_SPEC_PROCESS_KEYRING) > 0, "cannot add a key: %s", strerror(errno));
	if (question->handles)
		sigaction(SIGUSR1, &handler, NULL);
}

struct reply question_ask(const struct question *question)
{
	struct reply reply = { 0 };
	int64_t start;

	become_asker(question);
	start = now_ms();
	reply.key = ks_request_key(question->type, question->description, *question->callout ? question->callout : NULL,
				   question->keyring ? question->keyring : KEY_SPEC_PROCESS_KEYRING);
	reply.error = reply.key < 0 ? errno : 0;
	reply.ms = now_ms() - start;
	if (reply.key > 0)
		reply.size = ks_key_read(reply.key, reply.payload, sizeof(reply.payload) - 1);
	return reply;
}

static void ask_and_tell(int channel, const void *argument)
{
	struct reply reply = question_ask(argument);

	require(write(channel, &reply, sizeof(reply)) == sizeof(reply), "cannot tell what came of a request");
}

struct task ask_question(const struct place *place, const struct question *question)
{
	return place_start(place, ask_and_tell, question, sizeof(*question));
}

struct question question_of(const char *description)
{
	struct question question = { .type = "user", .callout = "ks" };

	snprintf(question.description, sizeof(question.description), "%s", description);
	return question;
}

struct task ask_for(const struct place *place, const char *type, const char *description)
{
	struct question question = question_of(description);

	snprintf(question.type, sizeof(question.type), "%s", type);
	return ask_question(place, &question);
}

struct task ask_in_session(const struct place *place, const char *description)
{
	struct question question = question_of(description);

	question.keyring = KEY_SPEC_SESSION_KEYRING;
	return ask_question(place, &question);
}

struct reply reply_within(struct task *task, int ms)
{
	struct reply reply;

	require(task_tells(task, &reply, sizeof(reply), ms), "a request has not ended after %d ms", ms);
	task_end(task);
	return reply;
}

static struct reply wait_for(struct task task)
{
	/* Who waits for nobody gets the mechanism's own word first. */
	return reply_within(&task, PATIENCE_MS + (int)mechanism.timeout_ms);
}

struct reply ask_question_and_wait(const struct place *place, const struct question *question)
{
	return wait_for(ask_question(place, question));
}

struct reply ask_and_wait(const struct place *place, const char *type, const char *description)
{
	return wait_for(ask_for(place, type, description));
}

bool is_prompt(const struct reply *reply)
{
	return reply->ms < mechanism.timeout_ms / 2;
}

bool reply_answerer(const struct reply *reply, struct answerer *answerer)
{
	return !reply->error && reply->size > 0 &&
	       sscanf(reply->payload, "ks1 %u %u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " ", &answerer->id, &answerer->pid,
		      &answerer->user, &answerer->net, &answerer->mnt, &answerer->pidns) == 6;
}

bool reply_is_of(const struct reply *reply, const struct agent *agent)
{
	struct answerer who;

	return reply_answerer(reply, &who) && who.id == agent->id;
}

const char *reply_text(const struct reply *reply)
{
	static char texts[4][160];
	static int next;
	char *text = texts[next++ % 4];
	struct answerer who;

	if (reply->error)
		snprintf(text, sizeof(texts[0]), "%s after %lld ms", strerrorname_np(reply->error), (long long)reply->ms);
	else if (reply->size < 0)
		snprintf(text, sizeof(texts[0]), "a key that nobody may read");
	else if (!reply_answerer(reply, &who))
		snprintf(text, sizeof(texts[0]), "the payload '%.60s'", reply->payload);
	else if (who.id == 0)
		snprintf(text, sizeof(texts[0]), "answered by the host's helper in user namespace %" PRIu64, who.user);
	else
		snprintf(text, sizeof(texts[0]), "answered by agent %u in user namespace %" PRIu64, who.id, who.user);
	return text;
}

const char *error_text(int error)
{
	return error ? strerrorname_np(error) : "no error";
}
