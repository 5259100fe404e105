// SPDX-License-Identifier: MIT
/*
 * Delivery "signal": a realtime signal brings the serial of a key under construction. Anybody may send such a signal, so
 * it is only a hint: who cannot assume the authority for the key (because it was forged, or is long over) ignores it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agent.h"
#include "keystorm_uapi.h"

/* "type;uid;gid;perm;description" */
#define DESCRIPTION_FIELD 4
#define DESCRIBED_MAX (4096 + 128)
#define SIGNALS_AT_ONCE 16

static int notifications = -1;

static int signal_open(char *payload, size_t size)
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
	snprintf(payload, size, "signal:%d", signo);
	return 0;
}

/* The description of the key under construction, or NULL. */
static const char *describe(ks_key_serial key, char *buffer, size_t size)
{
	const char *at = buffer;
	int field;

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buffer, size) < 0)
		return NULL;
	for (field = 0; field < DESCRIPTION_FIELD; field++) {
		at = strchr(at, ';');
		if (!at)
			return NULL;
		at++;
	}
	return at;
}

static int instantiate(ks_key_serial key, const struct ks_agent_options *options, const struct ks_answerer *self)
{
	char described[DESCRIBED_MAX], payload[KS_ANSWER_MAX];
	const char *description = describe(key, described, sizeof(described));
	size_t size;

	if (!description)
		return -1;
	size = ks_answer_size(&options->sizes, description);
	if (ks_answer_format(payload, size, self, description)) {
		errno = EMSGSIZE;
		return -1;
	}
	return (int)syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, payload, size, 0);
}

static void serve_one(ks_key_serial key, const struct ks_agent_options *options, const struct ks_answerer *self)
{
	if (syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) < 0)
		return;
	if (!instantiate(key, options, self))
		return;
	if (errno != EBUSY)
		syscall(SYS_keyctl, KEYCTL_REJECT, key, KS_AGENT_REJECTION_S, errno, 0);
	/* Completion takes the authority away; a request that was lost to a timeout leaves it behind. */
	syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
}

static int signal_serve(const struct ks_agent_options *options, const struct ks_answerer *self)
{
	struct signalfd_siginfo arrived[SIGNALS_AT_ONCE];

	for (;;) {
		ssize_t got = read(notifications, arrived, sizeof(arrived));
		size_t i;

		if (got < 0 && errno != EINTR)
			return -1;
		for (i = 0; got > 0 && i < (size_t)got / sizeof(arrived[0]); i++)
			if (arrived[i].ssi_code == KS_SI_CODE)
				serve_one(arrived[i].ssi_int, options, self);
	}
}

const struct ks_agent_delivery ks_agent_signal = { "signal", signal_open, signal_serve };
