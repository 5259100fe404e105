// SPDX-License-Identifier: MIT
/*
 * Each wrong is done to the kernel, which must bear it: what it says is looked at, and counted as a hit if it is what it
 * must say.
 */
#include "dose.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/credential.h"
#include "../common/futex.h"

struct ks_dose *ks_dose_map(int fd)
{
	static struct ks_dose none;
	void *memory;

	if (fd < 0)
		return &none;
	memory = mmap(NULL, sizeof(struct ks_dose), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return NULL;
	/* Not for programs that this agent may execute. */
	close(fd);
	return memory;
}

/* What is being done, and where it counts. */
struct course {
	const struct ks_agent *agent;
	uint32_t order;
	uint32_t amount;
};

static void count(const struct course *course, bool as_it_must)
{
	struct ks_dose *dose = course->agent->dose;
	uint32_t slot = ks_dose_slot_of(course->order);

	atomic_fetch_add(as_it_must ? &dose->hits[slot] : &dose->amiss[slot], 1);
}

static int give(const struct course *course, const struct ks_question *question, const struct ks_reply *reply)
{
	return course->agent->options->delivery->give(question, reply);
}

/* Ends early when nothing is asked for any more. */
static void hesitate(const struct course *course)
{
	uint64_t until = ks_now() + course->amount * KS_NS_PER_MS;
	_Atomic uint32_t *order = &course->agent->dose->order;

	while (ks_now() < until && atomic_load(order) == course->order)
		ks_futex_wait_until(order, course->order, until);
	count(course, true);
}

/* Too late, as any rejection may be: then it was none. */
static void reject(const struct course *course, const struct ks_question *question)
{
	struct ks_reply reply = { 0 };

	ks_reply_reject(&reply, (int)course->amount);
	if (!give(course, question, &reply))
		count(course, true);
	else if (errno != EBUSY && errno != ENOKEY)
		count(course, false);
}

static void garble(const struct course *course, const struct ks_question *question)
{
	bool refused = true;

	for (int way = 0; way < KS_MALFORMED_WAYS; way++) {
		int result = course->agent->options->delivery->give_malformed(question, (enum ks_malformed)way);

		/* The request may be over: that is no word on the form. */
		if (result && (errno == EBUSY || errno == ENOKEY))
			return;
		refused &= result && errno == EINVAL;
	}
	count(course, refused);
}

/* The second is another, so that it would be seen if it counted. */
static void repeat(const struct course *course, const struct ks_question *question, const struct ks_reply *reply)
{
	struct ks_reply second = { 0 };

	if (give(course, question, reply))
		return;
	ks_reply_reject(&second, EKEYREJECTED);
	/* EPERM: the authority went with the first. */
	count(course, give(course, question, &second) && (errno == EBUSY || errno == EPERM));
}

/* Serials are drawn at random: the next one is nobody's, or another's that this agent was not told of. */
static void misnumber(const struct course *course, const struct ks_question *question, const struct ks_reply *reply)
{
	struct ks_question wrong = *question;

	wrong.serial = question->serial < INT32_MAX ? question->serial + 1 : 1;
	count(course, give(course, &wrong, reply) && (errno == EPERM || errno == ENOKEY));
}

/* Each page is touched: the kernel gives none before. */
static void hoard(const struct course *course)
{
	size_t bytes = (size_t)course->amount << 20, page = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	for (size_t i = 0; i < bytes; i += page)
		memory[i] = 1;
	count(course, true);
}

static int credential_socket(void)
{
	struct sockaddr_in address = ks_credential_address();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

/* Whether the answer to this number comes in time; others are to what was given up. */
static bool hears(int fd, int32_t number)
{
	uint64_t until = ks_now() + KS_CREDENTIAL_WAIT_MS * KS_NS_PER_MS, now;
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	int32_t heard;

	while ((now = ks_now()) < until) {
		if (poll(&answer, 1, (int)((until - now) / KS_NS_PER_MS) + 1) <= 0)
			continue;
		if (recv(fd, &heard, sizeof(heard), MSG_DONTWAIT) == sizeof(heard) && heard == number)
			return true;
	}
	return false;
}

/* Whether the agent has it, or nobody asks for it any more. */
static bool fetch(const struct course *course, const struct ks_question *question)
{
	static int fd = -1;

	if (fd < 0)
		fd = credential_socket();
	for (int i = 0; i < KS_CREDENTIAL_TRIES && atomic_load(&course->agent->dose->order) == course->order; i++) {
		/* Nobody there is as bad as no answer, and said at the next attempt at once. */
		if (send(fd, &question->serial, sizeof(question->serial), MSG_NOSIGNAL) < 0 && errno != ECONNREFUSED)
			return false;
		if (hears(fd, question->serial))
			return true;
	}
	return atomic_load(&course->agent->dose->order) != course->order;
}

void ks_dose_linger(const struct ks_agent *agent)
{
	uint32_t delay_ns = atomic_load_explicit(&agent->dose->delay_ns, memory_order_relaxed);
	uint64_t until;

	if (delay_ns == 0)
		return;
	/* Asleep it would cost the answer less, or more: being woken is what is measured. */
	until = ks_now() + delay_ns;
	while (ks_now() < until)
		;
}

bool ks_dose_take(const struct ks_agent *agent, const struct ks_question *question, struct ks_reply *reply)
{
	const struct course course = { agent, atomic_load(&agent->dose->order), atomic_load(&agent->dose->amount) };

	switch (ks_dose_kind_of(course.order)) {
	case KS_DOSE_NONE:
		break;
	case KS_DOSE_SLOW:
		hesitate(&course);
		break;
	case KS_DOSE_REJECT:
		reject(&course, question);
		return false;
	case KS_DOSE_GARBLE:
		garble(&course, question);
		break;
	case KS_DOSE_REPEAT:
		repeat(&course, question, reply);
		return false;
	case KS_DOSE_MISNUMBER:
		misnumber(&course, question, reply);
		break;
	case KS_DOSE_CRASH:
		count(&course, true);
		_exit(KS_DOSE_CRASH_STATUS);
	case KS_DOSE_HOARD:
		hoard(&course);
		break;
	case KS_DOSE_FETCH:
		if (fetch(&course, question))
			break;
		reject(&course, question);
		return false;
	}
	return true;
}
