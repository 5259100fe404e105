// SPDX-License-Identifier: MIT
/*
 * ks-selftest: behaviours of the module, each in a process of its own, with a fresh session keyring.
 *
 * ks-selftest --list | --all | NAME...     TAP-like: "ok NAME" or "not ok NAME: why"; exit 1 if any was not ok
 * ks-selftest --ask DESCRIPTION            ask once, print "key" or the errno's name, and the effective uid
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "behaviours.h"
#include "hanging_helper.h"
#include "harness.h"
#include "homes.h"

#define BEHAVIOUR_LIMIT_S 60

static const struct behaviour *const groups[] = {
	answer_behaviours,	 death_behaviours,	refusal_behaviours,
	registration_behaviours, boundary_behaviours,	load_behaviours,
	entitlement_behaviours,	 unentitled_behaviours,	authority_end_behaviours,
	stage_behaviours,	 forgery_behaviours,	rfc_behaviours,
	userns_behaviours,	 intercept_behaviours,	end_behaviours,
	right_behaviours,	 bound_behaviours,	type_behaviours,
	hook_behaviours,	 in_kernel_behaviours,	unload_behaviours,
};
#define NR_GROUPS (sizeof(groups) / sizeof(groups[0]))

void set_usual_timeout(void)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", 4 * PROMPT_MS);
	set("timeout_ms", text);
}

static void settle(void)
{
	/* What a behaviour that failed may have left behind. */
	syscall(SYS_delete_module, "keystorm_rfc", O_NONBLOCK);
	syscall(SYS_delete_module, "keystorm_probe", O_NONBLOCK);
	set("mode", "session");
	set("fallback", "refuse");
	set_usual_timeout();
	set("refusal_s", "1");
	set("stages", "0");
	set("stages_room", "65536");
	hanging_helper_remove();
	forget_wishes();
	require(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) > 0, "no session keyring: %s", strerror(errno));
}

/* The last line that a behaviour wrote about why it failed. */
static void why(int fd, char *text, size_t size)
{
	ssize_t got = read(fd, text, size - 1);

	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static int run(const struct behaviour *behaviour)
{
	char reason[256];
	int pipes[2], status;
	pid_t pid;

	require(!pipe(pipes), "pipe: %s", strerror(errno));
	pid = fork_tied();
	if (!pid) {
		setpgid(0, 0);
		alarm((unsigned int)(BEHAVIOUR_LIMIT_S * slowness()));
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		settle();
		behaviour->run();
		_exit(0);
	}
	close(pipes[1]);
	waitpid(pid, &status, 0);
	kill(-pid, SIGKILL);
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	why(pipes[0], reason, sizeof(reason));
	close(pipes[0]);
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		printf("ok %s\n", behaviour->name);
		return 0;
	}
	if (WIFSIGNALED(status))
		printf("not ok %s: killed by %s. %s\n", behaviour->name, strsignal(WTERMSIG(status)), reason);
	else
		printf("not ok %s: %s\n", behaviour->name, reason);
	return 1;
}

static int run_named(const char *name)
{
	const struct behaviour *behaviour;
	size_t i;
	int failed = 0, found = 0;

	for (i = 0; i < NR_GROUPS; i++)
		for (behaviour = groups[i]; behaviour->name; behaviour++) {
			if (name && strcmp(behaviour->name, name))
				continue;
			found = 1;
			failed |= run(behaviour);
			fflush(stdout);
		}
	if (!found)
		printf("not ok %s: there is no such behaviour\n", name);
	return failed || !found;
}

static int list(void)
{
	const struct behaviour *behaviour;
	size_t i;

	for (i = 0; i < NR_GROUPS; i++)
		for (behaviour = groups[i]; behaviour->name; behaviour++)
			puts(behaviour->name);
	return 0;
}

static int ask_once(const char *description)
{
	ks_key_serial key = ks_request_key("user", description, "ks", KEY_SPEC_PROCESS_KEYRING);

	printf("%s as %d\n", key > 0 ? "key" : strerrorname_np(errno), (int)geteuid());
	return 0;
}

int main(int argc, char **argv)
{
	int i, failed = 0;

	if (hanging_helper_is(argv[0]))
		hanging_helper_run();
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	if (argc == 2 && !strcmp(argv[1], "--all"))
		return run_named(NULL);
	if (argc == 3 && !strcmp(argv[1], "--ask"))
		return ask_once(argv[2]);
	if (argc < 2)
		return 2;
	for (i = 1; i < argc; i++)
		failed |= run_named(argv[i]);
	return failed;
}
