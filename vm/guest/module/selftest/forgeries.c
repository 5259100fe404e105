// SPDX-License-Identifier: MIT
/* Delivery signal: what a notification carries, and what becomes of one that somebody forged (S4). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "behaviours.h"
#include "harness.h"
#include "identity.h"

static void signalfd_siginfo_is_clean(void)
{
	struct signalfd_siginfo got, expected = { 0 };
	struct asker asker;
	sigset_t set;
	int fd;

	block_agent_signal();
	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	require(fd >= 0, "signalfd: %s", strerror(errno));
	register_agent("signal:%d", agent_signal());
	asker = ask_as("selftest:signalfd", enter_user_namespace);
	memset(&got, 0xff, sizeof(got));
	require(read(fd, &got, sizeof(got)) == sizeof(got), "reading the signalfd: %s", strerror(errno));
	expected.ssi_signo = agent_signal();
	expected.ssi_code = KS_SI_CODE;
	expected.ssi_int = got.ssi_int;
	/* The same bytes as ssi_int, in a wider field: what is above them must be zero too. */
	expected.ssi_ptr = (uint32_t)got.ssi_int;
	require(!memcmp(&got, &expected, sizeof(got)), "bytes beyond signo, code and int are not zero");
	require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, got.ssi_int) > 0, "cannot assume the authority");
	require(!syscall(SYS_keyctl, KEYCTL_REJECT, got.ssi_int, 1, ENOENT, 0), "reject: %s", strerror(errno));
	require_error(&asker, ENOENT, PATIENCE_MS);
}

static int forge(pid_t agent, ks_key_serial serial)
{
	siginfo_t forged = { 0 };

	forged.si_signo = agent_signal();
	forged.si_code = KS_SI_CODE;
	forged.si_int = serial;
	return syscall(SYS_rt_sigqueueinfo, agent, agent_signal(), &forged) ? errno : 0;
}

/* Somebody forges notifications: of keys that do not exist, and of `serial`, which does. */
static void forge_as(pid_t agent, ks_key_serial serial, void (*become)(void), int expected)
{
	pid_t pid = fork_tied();
	int i, status;

	if (!pid) {
		if (become)
			become();
		for (i = 0; i < 50; i++) {
			int error = forge(agent, i % 2 ? serial : i * 7919 - 50);

			require(error == expected, "forging gives %s, %s expected", strerrorname_np(error),
				strerrorname_np(expected));
		}
		_exit(0);
	}
	require(waitpid(pid, &status, 0) == pid && !status, "the forger did not end well");
}

static void require_served_by(pid_t agent, const char *description)
{
	struct asker asker = ask(description);
	struct outcome outcome = told(&asker, PATIENCE_MS);
	char expected[32];

	require(!outcome.error, "the requester got %s", strerrorname_np(outcome.error));
	snprintf(expected, sizeof(expected), "ks1 9 %d ", agent);
	require(!strncmp(outcome.payload, expected, strlen(expected)), "it was not answered by the agent that was forged to");
}

static void become_ordinary_in_a_namespace(void)
{
	become_ordinary();
	enter_user_namespace();
}

static void become_another_user(void)
{
	require(!setresgid(ORDINARY_UID + 1, ORDINARY_UID + 1, ORDINARY_UID + 1) &&
			!setresuid(ORDINARY_UID + 1, ORDINARY_UID + 1, ORDINARY_UID + 1),
		"cannot become uid %d: %s", ORDINARY_UID + 1, strerror(errno));
}

/* A request that is not the agent's: it stays pending, whoever tells the agent of it. */
static struct asker ask_another_agent(ks_key_serial *serial)
{
	struct message message;
	struct asker asker;
	int queue;

	queue = open_queue();
	register_agent("fd-write:%d", queue);
	asker = ask("selftest:not-yours");
	take(queue, &message);
	*serial = message.request.serial;
	return asker;
}

static void act_as_agents_user(int says, int hears)
{
	pid_t agent;
	char go;

	become_ordinary();
	require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
	agent = start_ks_agent();
	require(write(says, &agent, sizeof(agent)) == sizeof(agent), "pipe");
	while (read(hears, &go, 1) == 1) {
		char description[64];

		snprintf(description, sizeof(description), "selftest:forged-%c", go);
		require_served_by(agent, description);
		require(write(says, &agent, sizeof(agent)) == sizeof(agent), "pipe");
	}
}

/* The agent of an ordinary user: the same user forges, then from a namespace of its own, then root, then a stranger. */
static void forged_notifications_from_anywhere_are_ignored(void)
{
	int says[2], hears[2];
	ks_key_serial pending;
	struct asker foreign;
	pid_t user, agent;

	require(!pipe2(says, O_CLOEXEC) && !pipe2(hears, O_CLOEXEC), "pipe");
	foreign = ask_another_agent(&pending);
	user = fork_tied();
	if (!user) {
		close(hears[1]);
		act_as_agents_user(says[1], hears[0]);
		_exit(0);
	}
	require(read(says[0], &agent, sizeof(agent)) == sizeof(agent), "the agent did not start");
	forge_as(agent, pending, become_ordinary, 0);
	require(write(hears[1], "1", 1) == 1 && read(says[0], &agent, sizeof(agent)) > 0, "not served after the same user's");
	forge_as(agent, pending, become_ordinary_in_a_namespace, 0);
	require(write(hears[1], "2", 1) == 1 && read(says[0], &agent, sizeof(agent)) > 0, "not served after a namespace's");
	forge_as(agent, pending, NULL, 0);
	require(write(hears[1], "3", 1) == 1 && read(says[0], &agent, sizeof(agent)) > 0, "not served after root's");
	forge_as(agent, pending, become_another_user, EPERM);
	require(write(hears[1], "4", 1) == 1 && read(says[0], &agent, sizeof(agent)) > 0, "not served after a stranger's");
	require(still_waiting(&foreign), "the request of another agent was answered");
}

const struct behaviour forgery_behaviours[] = {
	{ "signalfd-siginfo-is-clean", signalfd_siginfo_is_clean },
	{ "forged-notifications-from-anywhere-are-ignored", forged_notifications_from_anywhere_are_ignored },
	{ NULL, NULL },
};
