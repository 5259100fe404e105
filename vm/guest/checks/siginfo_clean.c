// SPDX-License-Identifier: MIT
/*
 * siginfo-clean: of the 128 bytes that a notification by signal brings, all are zero but number, code and serial, whether the agent
 * takes it by rt_sigtimedwait(2) or by a signalfd.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "registration.h"
#include "verdict.h"

#define TAKEN_RAW 'r'
#define TAKEN_BY_FD 'f'

/* What the agent has found in one notification. */
struct finding {
	char how;
	unsigned int size;	/* bytes it got */
	unsigned int foreign;	/* of them, not zero and not one of the three fields' */
};

static void enlist(void)
{
	block_agent_signal();
	require(!registration_enlist("user", open_queue(), true), "cannot register: %s", strerror(errno));
}

static unsigned int differing(const void *one, const void *other, size_t size)
{
	const unsigned char *a = one, *b = other;
	unsigned int count = 0;

	for (size_t i = 0; i < size; i++)
		count += a[i] != b[i];
	return count;
}

/* The system call itself, into poisoned memory: the C library would hide bytes. */
static ks_key_serial take_raw(struct finding *finding)
{
	struct timespec patience = { PATIENCE_MS / 1000, 0 };
	uint64_t set = 1ULL << (agent_signal() - 1);
	siginfo_t got, expected;

	memset(&got, 0xff, sizeof(got));
	require(syscall(SYS_rt_sigtimedwait, &set, &got, &patience, sizeof(set)) == agent_signal(), "no notification came: %s",
		strerror(errno));
	memset(&expected, 0, sizeof(expected));
	expected.si_signo = agent_signal();
	expected.si_code = KS_SI_CODE;
	expected.si_int = got.si_int;
	*finding = (struct finding){ TAKEN_RAW, sizeof(got), differing(&got, &expected, sizeof(got)) };
	return got.si_int;
}

static ks_key_serial take_by_fd(struct finding *finding)
{
	struct signalfd_siginfo got, expected = { 0 };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	memset(&got, 0xff, sizeof(got));
	require(fd >= 0 && read(fd, &got, sizeof(got)) == sizeof(got), "no notification came: %s", strerror(errno));
	expected.ssi_signo = (uint32_t)agent_signal();
	expected.ssi_code = KS_SI_CODE;
	expected.ssi_int = got.ssi_int;
	/* The same bytes in a wider field. */
	expected.ssi_ptr = (uint32_t)got.ssi_int;
	*finding = (struct finding){ TAKEN_BY_FD, sizeof(got), differing(&got, &expected, sizeof(got)) };
	return got.ssi_int;
}

static void end_request(ks_key_serial key)
{
	require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) > 0, "cannot assume the authority: %s", strerror(errno));
	require(!syscall(SYS_keyctl, KEYCTL_REJECT, key, 1, ENOENT, 0), "cannot reject: %s", strerror(errno));
}

static void be_agent(int channel, const void *argument)
{
	struct finding finding;

	(void)argument;
	enlist();
	require(write(channel, "", 1) == 1, "cannot say ready");
	end_request(take_raw(&finding));
	require(write(channel, &finding, sizeof(finding)) == sizeof(finding), "cannot tell");
	end_request(take_by_fd(&finding));
	require(write(channel, &finding, sizeof(finding)) == sizeof(finding), "cannot tell");
}

static struct finding ask_once(const struct place *container, const struct task *agent, const char *description)
{
	struct task asker = ask_for(container, "user", description);
	struct finding finding;

	require(task_tells(agent, &finding, sizeof(finding), 2 * PATIENCE_MS), "the agent was told nothing");
	reply_within(&asker, 2 * PATIENCE_MS);
	return finding;
}

void check_siginfo_clean(void)
{
	struct finding raw, by_fd;
	struct place container;
	struct task agent;
	char ready;

	if (mechanism.delivery != DELIVERY_SIGNAL) {
		not_applicable("siginfo-clean", "nobody is told by signal");
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	agent = place_start(&container, be_agent, NULL, 0);
	require(task_tells(&agent, &ready, 1, PATIENCE_MS), "an agent could not register");
	raw = ask_once(&container, &agent, "ks:check:siginfo:0:0");
	by_fd = ask_once(&container, &agent, "ks:check:signalfd:0:0");
	decide(!raw.foreign && !by_fd.foreign, "siginfo-clean",
	       "beyond number, code and serial, %u of %u bytes by rt_sigtimedwait and %u of %u by signalfd are not zero", raw.foreign,
	       raw.size, by_fd.foreign, by_fd.size);
	task_end(&agent);
	place_end(&container);
}
