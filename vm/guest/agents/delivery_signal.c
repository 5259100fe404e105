// SPDX-License-Identifier: MIT
/*
 * Delivery "signal": a realtime signal brings the serial of a key under construction. Anybody may send such a signal, so
 * it is only a hint: who cannot assume the authority for the key (because it was forged, or is long over) ignores it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "authority.h"
#include "keystorm_uapi.h"

/* "type;uid;gid;perm;description": the first ends at any ';', since no key type has one in its name. */
#define DESCRIBED_MAX (4096 + 128)
#define SIGNALS_AT_ONCE 16

static int notifications = -1;

static int open_signals(char *text)
{
	int signo = SIGRTMIN + 1;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	notifications = signalfd(-1, &set, SFD_CLOEXEC);
	if (notifications < 0)
		return -1;
	snprintf(text, KS_AGENT_TEXT_MAX, "signal:%d", signo);
	return 0;
}

/* Takes the key's description apart. What is needed of it is in the question. */
static int describe(struct ks_question *question)
{
	static char described[DESCRIBED_MAX];
	char *rest = described, *uid, *gid;

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, question->serial, described, sizeof(described)) < 0)
		return -1;
	question->type = strsep(&rest, ";");
	uid = strsep(&rest, ";");
	gid = strsep(&rest, ";");
	strsep(&rest, ";");
	if (!rest || sscanf(uid, "%u", &question->uid) != 1 || sscanf(gid, "%u", &question->gid) != 1) {
		errno = EPROTO;
		return -1;
	}
	question->description = rest;
	return 0;
}

/* The payload of the authorisation key is the callout. */
static int read_callout(struct ks_question *question)
{
	static char callout[4096 + 1];
	long size;

	question->callout = "";
	if (!ks_agent_answer_for(question->type)->wants_callout)
		return 0;
	size = ks_key_read(KEY_SPEC_REQKEY_AUTH_KEY, callout, sizeof(callout) - 1);
	if (size < 0 || size >= (long)sizeof(callout))
		return -1;
	callout[size] = '\0';
	question->callout = callout;
	return 0;
}

static int open_question(const struct ks_agent *agent, struct ks_question *question)
{
	if (ks_authority_assume(agent, question))
		return -1;
	if (!describe(question) && !read_callout(question))
		return 0;
	ks_authority_leave();
	return -1;
}

/* The next signal that says it is a notification, and when it was taken from the kernel. */
static int next_serial(const struct ks_agent *agent, ks_key_serial *serial, uint64_t *woke)
{
	static struct signalfd_siginfo arrived[SIGNALS_AT_ONCE];
	static size_t at, count;
	static uint64_t taken;

	for (;;) {
		while (at < count) {
			const struct signalfd_siginfo *signal = &arrived[at++];

			if (signal->ssi_code != KS_SI_CODE)
				continue;
			*serial = signal->ssi_int;
			*woke = taken;
			return 0;
		}
		ssize_t got = read(notifications, arrived, sizeof(arrived));

		if (got < 0 && errno != EINTR)
			return -1;
		taken = ks_agent_stamp(agent);
		at = 0;
		count = got > 0 ? (size_t)got / sizeof(arrived[0]) : 0;
	}
}

static int take(const struct ks_agent *agent, struct ks_question *question)
{
	do {
		question->stages = (struct ks_answer_stages){ 0 };
		if (next_serial(agent, &question->serial, &question->stages.woke))
			return -1;
	} while (open_question(agent, question));
	return 0;
}

const struct ks_agent_delivery ks_delivery_signal = {
	.name = "signal",
	.open = open_signals,
	.take = take,
	.give = ks_authority_give,
	.give_malformed = ks_authority_give_malformed,
	.leave = ks_authority_leave,
};
