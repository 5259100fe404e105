// SPDX-License-Identifier: MIT
/* Delivery fd-keyctl: a reader that cannot be entitled, or told, or that is not who it seems, is entitled to nothing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"

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

/* A ring of one entry, by hand: who reads through it does so under the credentials registered with it. */
struct ring {
	int fd;
	struct io_uring_sqe *entries;
	struct io_uring_params made;
	char *submitted, *completed;
};

/* False if this kernel has none. */
static bool make_ring(struct ring *ring)
{
	ring->fd = (int)syscall(SYS_io_uring_setup, 1, &ring->made);
	if (ring->fd < 0) {
		require(errno == ENOSYS, "io_uring_setup: %s", strerror(errno));
		return false;
	}
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

const struct behaviour unentitled_behaviours[] = {
	{ "fd-keyctl-quota-is-edquot", fd_keyctl_quota_is_edquot },
	{ "fd-keyctl-bad-buffer-entitles-nobody", fd_keyctl_bad_buffer_entitles_nobody },
	{ "fd-keyctl-borrowed-credentials-are-refused", fd_keyctl_borrowed_credentials_are_refused },
	{ NULL, NULL },
};
