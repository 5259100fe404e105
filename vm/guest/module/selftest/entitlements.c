// SPDX-License-Identifier: MIT
/* Delivery fd-keyctl: whoever reads a request may answer it, for as long as it lasts. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "harness.h"

#define FD_KEYCTL "fd-keyctl:%d"

static int assume(ks_key_serial key)
{
	return syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) < 0 ? errno : 0;
}

static int instantiate(ks_key_serial key, const char *text)
{
	return syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, text, strlen(text), 0) ? errno : 0;
}

static void answer_by_keyctl(ks_key_serial key, const char *text)
{
	int error = assume(key);

	require(!error, "cannot assume the authority: %s", strerrorname_np(error));
	error = instantiate(key, text);
	require(!error, "instantiate: %s", strerrorname_np(error));
}

static bool has_process_keyring(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 0) > 0;
}

static void require_nothing_linked(void)
{
	ks_key_serial linked[16];
	long size = ks_key_read(KEY_SPEC_PROCESS_KEYRING, linked, sizeof(linked));

	require(size == 0, "%ld bytes of links are in the reader's process keyring", size);
}

/* The requester unlinks after it was woken, and before it is gone. */
static void await_nothing_linked(void)
{
	await_counter("in_flight", 0);
	require_nothing_linked();
}

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

#define ROOTS_QUOTA "/proc/sys/kernel/keys/root_maxbytes"

static void set_roots_quota(const char *bytes)
{
	int fd = open(ROOTS_QUOTA, O_WRONLY | O_CLOEXEC);

	require(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes), "cannot write " ROOTS_QUOTA ": %s",
		strerror(errno));
	close(fd);
}

static void get_roots_quota(char *bytes, size_t room)
{
	int fd = open(ROOTS_QUOTA, O_RDONLY | O_CLOEXEC);

	memset(bytes, 0, room);
	require(fd >= 0 && read(fd, bytes, room - 1) > 0, "cannot read " ROOTS_QUOTA ": %s", strerror(errno));
	close(fd);
}

/* The request comes in, then the reader cannot be entitled, then another request comes. */
static void one_fails_for_want_of_quota(int queue, const char *description)
{
	struct pollfd ready = { queue, POLLIN, 0 };
	struct message message;
	struct asker asker = ask(description);
	char quota[32];
	ssize_t got;
	int error;

	require(poll(&ready, 1, PATIENCE_MS) == 1, "no request came");
	get_roots_quota(quota, sizeof(quota));
	set_roots_quota("1");
	got = read(queue, &message, sizeof(message));
	error = errno;
	set_roots_quota(quota);
	require(got < 0 && error == EAGAIN, "the reader was given a request that it cannot answer");
	require_error(&asker, EDQUOT, PROMPT_MS);
}

static void fd_keyctl_quota_is_edquot(void)
{
	long helpers = counter("helper_execs");
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("fallback", "stock");
	require(!fcntl(queue, F_SETFL, O_NONBLOCK), "fcntl: %s", strerror(errno));
	register_agent(FD_KEYCTL, queue);
	one_fails_for_want_of_quota(queue, "selftest:no-keyring");
	asker = ask("selftest:with-quota");
	take(queue, &message);
	answer_by_keyctl(message.request.serial, "enough");
	require_payload(&asker, "enough");
	one_fails_for_want_of_quota(queue, "selftest:no-link");
	asker = ask("selftest:with-quota-again");
	take(queue, &message);
	answer_by_keyctl(message.request.serial, "enough again");
	require_payload(&asker, "enough again");
	await_nothing_linked();
	require(counter("helper_execs") == helpers, "the host's helper was executed");
}

static void fd_keyctl_authority_ends_with_the_request(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("timeout_ms", "50");
	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:over");
	take(queue, &message);
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(assume(message.request.serial) != 0, "the authority for a request that is over can be assumed");
	await_nothing_linked();

	set("timeout_ms", "20000");
	asker = ask("selftest:killed");
	take(queue, &message);
	kill(asker.pid, SIGKILL);
	wait_killed(asker.pid);
	require(assume(message.request.serial) != 0, "the authority of a killed requester's request can be assumed");
	await_nothing_linked();
}

/* Whoever assumed in time and answers too late. */
static void fd_keyctl_late_answer_is_refused(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("timeout_ms", "200");
	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:late-keyctl");
	take(queue, &message);
	require(!assume(message.request.serial), "cannot assume the authority");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(instantiate(message.request.serial, "late") != 0, "the late answer was taken");
	await_nothing_linked();
}

static void fd_keyctl_bad_buffer_entitles_nobody(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:bad-buffer");
	await_counter("in_flight", 1);
	require(read(queue, &message, sizeof(message.request)) < 0 && errno == EMSGSIZE, "a short buffer is not EMSGSIZE");
	require(!has_process_keyring(), "a short buffer has made a process keyring");
	require(syscall(SYS_read, queue, 8, sizeof(message)) < 0 && errno == EFAULT, "a bad buffer is not EFAULT");
	require_nothing_linked();
	take(queue, &message);
	answer_by_keyctl(message.request.serial, "third time");
	require_payload(&asker, "third time");
	await_nothing_linked();
}

/* Races of the reader with the end of the request, by timeout, at many points in time. */
static void fd_keyctl_nothing_is_left_linked(void)
{
	enum { ROUNDS = 40 };
	int queue = open_queue(), round;
	struct message message;
	struct asker asker;
	char description[64];

	set("timeout_ms", "3");
	require(!fcntl(queue, F_SETFL, O_NONBLOCK), "fcntl: %s", strerror(errno));
	register_agent(FD_KEYCTL, queue);
	for (round = 0; round < ROUNDS; round++) {
		int64_t deadline = now_ms() + PATIENCE_MS;

		snprintf(description, sizeof(description), "selftest:race-%d", round);
		asker = ask(description);
		while (still_waiting(&asker)) {
			require(now_ms() < deadline, "the requester waits for ever");
			if (read(queue, &message, sizeof(message)) > 0 && round % 2 && !assume(message.request.serial))
				instantiate(message.request.serial, "in time");
		}
		told(&asker, PROMPT_MS);
		await_nothing_linked();
	}
}

/* A ring of one entry, by hand: who reads through it does so under the credentials registered with it. */
struct ring {
	int fd;
	struct io_uring_sqe *entries;
	struct io_uring_params made;
	char *submitted, *completed;
};

static bool make_ring(struct ring *ring)
{
	ring->fd = (int)syscall(SYS_io_uring_setup, 1, &ring->made);
	if (ring->fd < 0)
		return false;
	ring->entries = mmap(NULL, sizeof(*ring->entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQES);
	ring->submitted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
	ring->completed = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_CQ_RING);
	require(ring->entries != MAP_FAILED && ring->submitted != MAP_FAILED && ring->completed != MAP_FAILED,
		"cannot map the ring: %s", strerror(errno));
	return true;
}

static int read_through(struct ring *ring, int personality, int flags, int queue, struct message *message)
{
	unsigned int *tail = (unsigned int *)(ring->submitted + ring->made.sq_off.tail);
	unsigned int *array = (unsigned int *)(ring->submitted + ring->made.sq_off.array);
	unsigned int *head = (unsigned int *)(ring->completed + ring->made.cq_off.head);
	struct io_uring_cqe *results = (struct io_uring_cqe *)(ring->completed + ring->made.cq_off.cqes);
	unsigned int result = *head & (ring->made.cq_entries - 1);

	*ring->entries = (struct io_uring_sqe){
		.opcode = IORING_OP_READ, .fd = queue, .addr = (uint64_t)(uintptr_t)message, .len = sizeof(*message),
		.personality = (uint16_t)personality, .flags = (uint8_t)flags,
	};
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	require(syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1, "io_uring_enter: %s",
		strerror(errno));
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return results[result].res;
}

static void fd_keyctl_borrowed_credentials_are_refused(void)
{
	int queue = open_queue(), personality;
	struct ring ring = { 0 };
	struct message message;
	struct asker asker;

	register_agent(FD_KEYCTL, queue);
	asker = ask("selftest:borrowed");
	await_counter("in_flight", 1);
	if (make_ring(&ring)) {
		personality = (int)syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0);
		require(personality > 0, "no personality: %s", strerror(errno));
		/* From now on the personality is not what the process has. */
		require(!prctl(PR_SET_KEEPCAPS, 1), "prctl: %s", strerror(errno));
		require(read_through(&ring, personality, 0, queue, &message) == -EOPNOTSUPP, "borrowed credentials may read");
		require(read_through(&ring, 0, IOSQE_ASYNC, queue, &message) == -EOPNOTSUPP, "a thread of io_uring's may read");
		require(!has_process_keyring(), "a process keyring was made");
	}
	take(queue, &message);
	answer_by_keyctl(message.request.serial, "by myself");
	require_payload(&asker, "by myself");
}

const struct behaviour entitlement_behaviours[] = {
	{ "fd-keyctl-answers", fd_keyctl_answers },
	{ "fd-keyctl-write-is-eopnotsupp", fd_keyctl_write_is_eopnotsupp },
	{ "queue-has-one-delivery", queue_has_one_delivery },
	{ "fd-keyctl-entitles-each-reader", fd_keyctl_entitles_each_reader },
	{ "fd-keyctl-entitles-nobody-else", fd_keyctl_entitles_nobody_else },
	{ "fd-keyctl-quota-is-edquot", fd_keyctl_quota_is_edquot },
	{ "fd-keyctl-authority-ends-with-the-request", fd_keyctl_authority_ends_with_the_request },
	{ "fd-keyctl-late-answer-is-refused", fd_keyctl_late_answer_is_refused },
	{ "fd-keyctl-bad-buffer-entitles-nobody", fd_keyctl_bad_buffer_entitles_nobody },
	{ "fd-keyctl-nothing-is-left-linked", fd_keyctl_nothing_is_left_linked },
	{ "fd-keyctl-borrowed-credentials-are-refused", fd_keyctl_borrowed_credentials_are_refused },
	{ NULL, NULL },
};
