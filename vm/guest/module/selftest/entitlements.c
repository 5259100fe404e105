// SPDX-License-Identifier: MIT
/* Delivery fd-keyctl: whoever reads a request may answer it, with keyctl, and nobody else may. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"

static void fd_keyctl_answers(void)
{
	long notified = counter("notified_fd_keyctl");
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent(FD_KEYCTL, queue);
	require(!has_process_keyring(), "there is a process keyring already");
	asker = ask("selftest:fd-keyctl");
	take(queue, &message);
	require(has_process_keyring(), "reading has made no process keyring");
	require(!strcmp(message.strings + 5, "selftest:fd-keyctl"), "description is not the one asked for");
	answer_by_keyctl(message.request.serial, "by keyctl");
	require_payload(&asker, "by keyctl");
	await_nothing_linked();
	require(counter("notified_fd_keyctl") == notified + 1, "it was not counted");
}

static void fd_keyctl_write_is_eopnotsupp(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:no-write");
	take(queue, &message);
	require(answer_text(queue, message.request.serial, "x") == EOPNOTSUPP, "writing an answer is not EOPNOTSUPP");
	require(write(queue, "x", 1) < 0 && errno == EOPNOTSUPP, "writing anything is not EOPNOTSUPP");
	require(still_waiting(&asker), "the requester did not go on waiting");
	answer_by_keyctl(message.request.serial, "with authority");
	require_payload(&asker, "with authority");
}

/* While it is registered, and after that was withdrawn. */
static void queue_has_one_delivery(void)
{
	int queue = open_queue(), other = open_queue();
	ks_key_serial key = register_agent(FD_KEYCTL, queue);

	require(try_register("fd-write:%d", queue) < 0 && errno == EBUSY, "a second delivery is not EBUSY");
	require(!ks_key_unlink(key, KEY_SPEC_SESSION_KEYRING), "unlink: %s", strerror(errno));
	key = register_agent("fd-write:%d", other);
	require(try_register("fd-write:%d", queue) < 0 && errno == EBUSY, "another delivery afterwards is not EBUSY");
	require(try_register(FD_KEYCTL, other) < 0 && errno == EBUSY, "fd-keyctl after fd-write is not EBUSY");
}

/* Two processes with two threads each, none of which has a process keyring to begin with: all get their own. */
#define PROCESSES 2
#define THREADS 2
#define ANSWERS_EACH 4
#define ASKED (PROCESSES * THREADS * ANSWERS_EACH)

static void *answer_some(void *argument)
{
	struct message message;
	int i;

	for (i = 0; i < ANSWERS_EACH; i++) {
		take(*(int *)argument, &message);
		answer_by_keyctl(message.request.serial, "by one of many");
	}
	await_nothing_linked();
	return NULL;
}

static pid_t start_readers(int queue)
{
	pthread_t threads[THREADS];
	pid_t pid = fork_tied();
	int i;

	if (pid)
		return pid;
	for (i = 0; i < THREADS; i++)
		require(!pthread_create(&threads[i], NULL, answer_some, &queue), "cannot make a thread");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static void fd_keyctl_entitles_each_reader(void)
{
	struct asker askers[ASKED];
	pid_t readers[PROCESSES];
	int i, status, queue = open_queue();
	char description[64];

	register_agent(FD_KEYCTL, queue);
	for (i = 0; i < PROCESSES; i++)
		readers[i] = start_readers(queue);
	for (i = 0; i < ASKED; i++) {
		snprintf(description, sizeof(description), "selftest:many-%d", i);
		askers[i] = ask(description);
	}
	for (i = 0; i < ASKED; i++)
		require_payload(&askers[i], "by one of many");
	for (i = 0; i < PROCESSES; i++) {
		require(waitpid(readers[i], &status, 0) == readers[i], "waitpid: %s", strerror(errno));
		require(!status, "a reader did not end well");
	}
}

/* Only who has read it: neither the registrar nor another reader of the same queue. */
static void fd_keyctl_entitles_nobody_else(void)
{
	int queue = open_queue(), taken[2];
	struct message message;
	struct asker asker;
	pid_t reader;

	register_agent(FD_KEYCTL, queue);
	require(!pipe(taken), "pipe");
	reader = fork_tied();
	if (!reader) {
		take(queue, &message);
		require(write(taken[1], &message.request.serial, sizeof(message.request.serial)) > 0, "pipe");
		for (;;)
			pause();
	}
	asker = ask("selftest:another-reader");
	require(read(taken[0], &message.request.serial, sizeof(message.request.serial)) > 0, "nothing was taken");
	require(assume(message.request.serial) == ENOKEY, "who has not read the request can assume its authority");
	require(still_waiting(&asker), "the requester did not go on waiting");
	kill(asker.pid, SIGKILL);
	wait_killed(asker.pid);
	kill(reader, SIGKILL);
	wait_killed(reader);
}

const struct behaviour entitlement_behaviours[] = {
	{ "fd-keyctl-answers", fd_keyctl_answers },
	{ "fd-keyctl-write-is-eopnotsupp", fd_keyctl_write_is_eopnotsupp },
	{ "queue-has-one-delivery", queue_has_one_delivery },
	{ "fd-keyctl-entitles-each-reader", fd_keyctl_entitles_each_reader },
	{ "fd-keyctl-entitles-nobody-else", fd_keyctl_entitles_nobody_else },
	{ NULL, NULL },
};
