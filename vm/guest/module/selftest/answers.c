// SPDX-License-Identifier: MIT
/* How an agent answers, and what it is told when it does it wrongly. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "behaviours.h"
#include "harness.h"
#include "identity.h"

static void fd_write_answers(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;
	const char *strings = message.strings;

	register_agent("fd-write:%d", queue);
	require(nothing_to_take(queue), "an empty queue is readable");
	asker = ask("selftest:fd");
	take(queue, &message);
	require(message.request.version == KS_REQUEST_VERSION, "version is %u", message.request.version);
	require(!message.request.uid && !message.request.gid, "uid or gid is not the requester's");
	require(message.request.type_len == 4 && !strcmp(strings, "user"), "type is not user");
	require(message.request.desc_len == 11 && !strcmp(strings + 5, "selftest:fd"), "description is not the one asked for");
	require(message.request.callout_len == 2 && !strcmp(strings + 17, "ks"), "callout is not the one given");
	require(message.request.size == sizeof(message.request) + 5 + 12 + 3, "size is %u", message.request.size);
	require(!answer_text(queue, message.request.serial, "forty-two"), "the answer was refused: %s", strerror(errno));
	require_payload(&asker, "forty-two");
}

static void signal_answers(void)
{
	ks_key_serial key;
	struct asker asker;

	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	asker = ask("selftest:signal");
	key = take_signal();
	answer_by_keyctl(key, "by signal");
	require_payload(&asker, "by signal");
	require_nothing_linked();
}

/* Raw system call into poisoned memory: the C library would hide bytes. */
static void require_clean_siginfo(void (*become)(void), const char *description)
{
	struct timespec patience = { PATIENCE_MS / 1000, 0 };
	siginfo_t got, expected;
	struct asker asker;
	uint64_t set = 1ULL << (agent_signal() - 1);

	asker = ask_as(description, become);
	memset(&got, 0xff, sizeof(got));
	require(syscall(SYS_rt_sigtimedwait, &set, &got, &patience, sizeof(set)) == agent_signal(), "no notification");
	memset(&expected, 0, sizeof(expected));
	expected.si_signo = agent_signal();
	expected.si_code = KS_SI_CODE;
	expected.si_int = got.si_int;
	require(!memcmp(&got, &expected, sizeof(got)), "bytes of the siginfo beyond signo, code and int are not zero");
	require(!assume(got.si_int), "cannot assume the authority: %s", strerror(errno));
	require(!syscall(SYS_keyctl, KEYCTL_REJECT, got.si_int, 1, ENOENT, 0), "reject: %s", strerror(errno));
	require_error(&asker, ENOENT, PATIENCE_MS);
}

static void siginfo_is_clean(void)
{
	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	require_clean_siginfo(NULL, "selftest:siginfo");
	require_clean_siginfo(enter_user_namespace, "selftest:siginfo-userns");
}

static void second_answer_is_busy(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:twice");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "first"), "the first answer was refused");
	require(answer_text(queue, message.request.serial, "second") == EBUSY, "the second answer is not EBUSY");
	require_payload(&asker, "first");
	require(answer_text(queue, message.request.serial, "third") == EBUSY, "the late answer is not EBUSY");
}

static void wrong_serial_is_enokey(void)
{
	int queue = open_queue(), stranger = open_queue();
	struct message message, second;
	struct asker asker, other;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:serial");
	take(queue, &message);
	require(answer_text(queue, 1, "x") == ENOKEY, "serial 1 is not ENOKEY");
	require(answer_text(queue, -5, "x") == ENOKEY, "a negative serial is not ENOKEY");
	require(answer_text(stranger, message.request.serial, "x") == ENOKEY, "another queue may answer");
	other = ask("selftest:serial-2");
	take(queue, &second);
	require(!answer_text(queue, second.request.serial, "two"), "the second request is not to be answered");
	require(!answer_text(queue, message.request.serial, "one"), "the first request is not to be answered");
	require_payload(&asker, "one");
	require_payload(&other, "two");
}

static void malformed_answers_leave_it_pending(void)
{
	static const unsigned int no_errno[] = { 512, 513, 516, 529, 4095, 4096, 65536, 0x80000001u, 0xffffffffu };
	int queue = open_queue();
	struct message message;
	struct asker asker;
	char *big = calloc(1, 2 << 20);
	size_t i;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:malformed");
	take(queue, &message);
	for (i = 0; i < sizeof(no_errno) / sizeof(no_errno[0]); i++)
		require(answer(queue, message.request.serial, no_errno[i], 1, NULL, 0) == EINVAL,
			"rejecting with %u is not EINVAL", no_errno[i]);
	require(answer(queue, message.request.serial, ENOKEY, 1, "x", 1) == EINVAL, "an error with a payload is not EINVAL");
	require(answer(queue, message.request.serial, 0, 0, NULL, 0) == EINVAL, "an empty payload is not EINVAL");
	require(answer(queue, message.request.serial, 0, 0, big, 40000) == EINVAL, "40,000 bytes are not EINVAL");
	require(answer(queue, message.request.serial, 0, 0, big, 2 << 20) == EINVAL, "2 MB are not EINVAL");
	require(write(queue, &message, 4) < 0 && errno == EINVAL, "half a header is not EINVAL");
	require(still_waiting(&asker), "the requester did not go on waiting");
	require(!answer_text(queue, message.request.serial, "at last"), "the right answer was refused");
	require_payload(&asker, "at last");
}

static void short_buffer_keeps_it_queued(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:short");
	await_counter("in_flight", 1);
	require(read(queue, &message, sizeof(message.request)) < 0 && errno == EMSGSIZE, "a short buffer is not EMSGSIZE");
	require(syscall(SYS_read, queue, 8, sizeof(message)) < 0 && errno == EFAULT, "a bad buffer is not EFAULT");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "still here"), "the answer was refused");
	require_payload(&asker, "still here");
}

const struct behaviour answer_behaviours[] = {
	{ "fd-write-answers", fd_write_answers },
	{ "signal-answers", signal_answers },
	{ "siginfo-is-clean", siginfo_is_clean },
	{ "second-answer-is-busy", second_answer_is_busy },
	{ "wrong-serial-is-enokey", wrong_serial_is_enokey },
	{ "malformed-answers-leave-it-pending", malformed_answers_leave_it_pending },
	{ "short-buffer-keeps-it-queued", short_buffer_keeps_it_queued },
	{ NULL, NULL },
};
