// SPDX-License-Identifier: MIT
/*
 * The agent of example-agent.c, told by a signal: the RFC's way. It needs no descriptor; in exchange it holds the authority over
 * each key for a while, which counts against its quota of keys, and with which it could search the requester's keyrings.
 */
#include <errno.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "keystorm_uapi.h"

#define KEY_TYPE "user"
#define PREFIX "example:"
#define REFUSAL_S 1
/* "<type>;<uid>;<gid>;<permissions>;<description>" */
#define DESCRIBED_MAX 4200

static int enlist(int signo)
{
	char agent[32];
	int length = snprintf(agent, sizeof(agent), "signal:%d", signo);

	return syscall(SYS_add_key, KS_KEY_TYPE_AGENT, KEY_TYPE, agent, length, KEY_SPEC_SESSION_KEYRING) < 0 ? -1 : 0;
}

static void answer(int serial, const char *payload)
{
	if (syscall(SYS_keyctl, KEYCTL_INSTANTIATE, serial, payload, strlen(payload), 0) < 0 && errno != EBUSY && errno != ENOKEY)
		syscall(SYS_keyctl, KEYCTL_REJECT, serial, REFUSAL_S, errno, 0);
}

static void serve(int serial)
{
	char described[DESCRIBED_MAX], payload[128], *rest = described;
	const char *uid, *description;

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, serial, described, sizeof(described)) < 0)
		return;
	strsep(&rest, ";");
	uid = strsep(&rest, ";");
	strsep(&rest, ";");
	strsep(&rest, ";");
	description = rest;
	if (!description || strtoul(uid, NULL, 10) != getuid() || strncmp(description, PREFIX, strlen(PREFIX))) {
		syscall(SYS_keyctl, KEYCTL_REJECT, serial, REFUSAL_S, EACCES, 0);
		return;
	}
	snprintf(payload, sizeof(payload), "%.40s to you, user %s, from agent %d", description + strlen(PREFIX), uid, getpid());
	answer(serial, payload);
}

static int fail(const char *what)
{
	fprintf(stderr, "ks-example-agent-signal: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(void)
{
	int signo = SIGRTMIN + 1, signals;
	struct signalfd_siginfo told;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	/* Blocked before it is registered: it would end this process. */
	if (sigprocmask(SIG_BLOCK, &set, NULL) || (signals = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return fail("cannot wait for signals");
	if (enlist(signo))
		return fail("cannot register for keys of type " KEY_TYPE);
	puts("ready");
	fflush(stdout);
	for (;;) {
		if (read(signals, &told, sizeof(told)) != sizeof(told)) {
			if (errno != EINTR)
				return fail("cannot take requests any longer");
			continue;
		}
		/*
		 * Anybody who may signal this process can send such a signal. It is a hint and no more: the proof is the authority,
		 * which nobody but the kernel has put within reach. Never end because a signal makes no sense.
		 */
		if (told.ssi_code != KS_SI_CODE || syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, told.ssi_int) < 0)
			continue;
		serve(told.ssi_int);
		/* Nothing of the next request is to be done with this one's authority. */
		syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
	}
}
