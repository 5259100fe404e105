// SPDX-License-Identifier: MIT
/* Who may serve whom, what happens when nobody may, and the modes. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"
#include "identity.h"

static void no_agent_stock_runs_the_helper(void)
{
	long helpers = counter("helper_execs"), init = counter("helper_execs_init"), stock = counter("fallback_stock");
	struct asker asker;

	set("fallback", "stock");
	asker = ask_as("selftest:stock", enter_user_namespace);
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(counter("helper_execs") == helpers + 1, "the helper was executed %ld times", counter("helper_execs") - helpers);
	require(counter("helper_execs_init") == init + 1, "the helper was not executed in the init user namespace");
	require(counter("fallback_stock") == stock + 1, "the fallback was not counted");
}

static int namespace_to_leave;

static void leave_one_namespace(void)
{
	require(!unshare(namespace_to_leave), "unshare(%#x): %s", namespace_to_leave, strerror(errno));
}

static void no_agent_refuse_stops_at_the_boundary(void)
{
	static const int namespaces[] = {
		CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWCGROUP,
	};
	long helpers = counter("helper_execs"), refused = counter("fallback_refused");
	const long nr = sizeof(namespaces) / sizeof(namespaces[0]);
	struct asker asker;
	long i;

	for (i = 0; i < nr; i++) {
		char description[64];

		namespace_to_leave = namespaces[i];
		snprintf(description, sizeof(description), "selftest:refuse-%ld", i);
		asker = ask_as(description, leave_one_namespace);
		require_error(&asker, ENOKEY, PROMPT_MS);
		require(counter("fallback_refused") == refused + i + 1, "outside namespace %#x it was not refused", namespaces[i]);
	}
	require(counter("helper_execs") == helpers, "the host's helper was executed");
	asker = ask("selftest:refuse-init");
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(counter("helper_execs") == helpers + 1, "inside all init namespaces the helper was not executed");
}

/* Not in /tmp, which is mounted nosuid. A copy of this program that root owns; `mode` decides whether it is setuid. */
static void install(const char *path, mode_t mode)
{
	char buffer[65536];
	ssize_t got;
	int from = open("/proc/self/exe", O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		require(write(to, buffer, got) == got, "cannot write %s", path);
	close(from);
	close(to);
	require(!chmod(path, mode), "chmod: %s", strerror(errno));
}

/* Runs `path --ask` in a process of its own; what it prints is to be read from the result. */
static FILE *start_program(const char *path, const char *description)
{
	int pipes[2];

	require(!pipe2(pipes, O_CLOEXEC), "pipe");
	if (!fork_tied()) {
		dup2(pipes[1], STDOUT_FILENO);
		execl(path, path, "--ask", description, NULL);
		_exit(1);
	}
	close(pipes[1]);
	return fdopen(pipes[0], "r");
}

/* The attacker, and how it gets itself found. */
static void (*become_attacker)(int queue);

static void attack(void)
{
	struct message message;
	char line[32] = "";
	long ineligible = counter("ineligible");
	FILE *program;
	int queue = open_queue();

	become_attacker(queue);
	program = start_program("/keystorm/ks-ask", "selftest:control");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "mine"), "the answer was refused");
	require(fgets(line, sizeof(line), program) && !strcmp(line, "key as 1000\n"), "the control got %s", line);

	program = start_program("/keystorm/ks-ask-setuid", "selftest:victim");
	require(fgets(line, sizeof(line), program) && !strcmp(line, "ENOKEY as 0\n"), "the setuid program got %s", line);
	require(nothing_to_take(queue), "the attacker's agent was asked");
	require(counter("ineligible") == ineligible + 1, "ineligible did not go up");
}

static void require_unserved_setuid_program(void (*attacker)(int queue))
{
	pid_t pid;
	int status;

	install("/keystorm/ks-ask", 0755);
	install("/keystorm/ks-ask-setuid", 04755);
	become_attacker = attacker;
	pid = fork_tied();
	if (!pid) {
		attack();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	unlink("/keystorm/ks-ask");
	unlink("/keystorm/ks-ask-setuid");
	require(!status, "the attack did not go as it should");
}

static void link_as_ordinary(int queue)
{
	become_ordinary();
	require(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) > 0, "no session keyring: %s", strerror(errno));
	register_agent("fd-write:%d", queue);
}

static void setuid_program_is_not_served(void)
{
	require_unserved_setuid_program(link_as_ordinary);
}

/* An ordinary user of a container that has been given what it takes to register there, and no more. */
static void become_ordinary_registrar(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct admin[2] = { { .effective = 1u << CAP_SYS_ADMIN, .permitted = 1u << CAP_SYS_ADMIN } };

	go_home();
	require(!prctl(PR_SET_KEEPCAPS, 1), "keepcaps: %s", strerror(errno));
	become_ordinary();
	require(!syscall(SYS_capset, &header, admin), "capset: %s", strerror(errno));
}

static uint32_t route_of_attack;

static void register_as_ordinary(int queue)
{
	struct wish wish = { .route = route_of_attack, .names = user_only, .queue = queue };

	become_ordinary_registrar();
	wish.of = getpid();
	wish_granted(&wish);
}

static void setuid_program_is_not_served_by_registrars(void)
{
	static const struct {
		const char *mode;
		uint32_t route;
	} routes[] = { { "userns", KS_ROUTE_USERNS }, { "intercept", KS_ROUTE_INTERCEPT } };
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		home = stay(CLONE_NEWUSER);
		set("mode", routes[i].mode);
		route_of_attack = routes[i].route;
		require_unserved_setuid_program(register_as_ordinary);
	}
}

static void require_ineligible(void (*registrar)(void), void (*requester)(void), const char *who)
{
	long ineligible = counter("ineligible");
	struct asker asker;
	int ready[2];
	char said;
	pid_t pid;

	require(!pipe(ready), "pipe");
	require(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) > 0, "no session keyring");
	pid = fork_tied();
	if (!pid) {
		registrar();
		register_agent("fd-write:%d", open_queue());
		require(write(ready[1], "r", 1) == 1, "pipe");
		for (;;)
			pause();
	}
	require(read(ready[0], &said, 1) == 1, "%s could not register", who);
	asker = ask_as("selftest:ineligible", requester);
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(counter("ineligible") == ineligible + 1, "an agent of %s served whom it may not", who);
	kill(pid, SIGKILL);
	wait_killed(pid);
}

static void lesser_registrars_do_not_serve_root(void)
{
	require_ineligible(enter_user_namespace, NULL, "a child user namespace");
	require_ineligible(become_powerless, NULL, "root without capabilities");
	require_ineligible(become_ordinary, NULL, "another user");
}

/* The same user, with every capability in a user namespace that root has made: whoever is outside cannot trace it. */
static void same_user_does_not_serve_into_roots_namespace(void)
{
	require_ineligible(become_ordinary, become_ordinary_in_roots_namespace, "the same user outside");
}

/* Each is root in a user namespace of its own, and the registration is linked for both. */
static void siblings_do_not_serve_each_other(void)
{
	require_ineligible(enter_user_namespace, enter_user_namespace, "a sibling user namespace");
}

static void ancestor_serves_descendants(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask_as("selftest:descendant", enter_user_namespace);
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "from above"), "the answer was refused");
	require_payload(&asker, "from above");
}

static void null_mode_answers_itself(void)
{
	long answered = counter("null");
	struct asker asker;

	set("mode", "null");
	asker = ask("selftest:null");
	require_payload(&asker, "null");
	require(counter("null") == answered + 1, "it was not counted");
}

static void mode_off_restores_the_kernel(void)
{
	long helpers = counter("helper_execs"), stock = counter("fallback_stock");
	int queue = open_queue();
	struct asker asker;

	register_agent("fd-write:%d", queue);
	set("mode", "off");
	asker = ask_as("selftest:off", enter_user_namespace);
	require_error(&asker, ENOKEY, PATIENCE_MS);
	require(nothing_to_take(queue), "an agent was asked");
	require(counter("helper_execs") == helpers + 1, "the helper was not executed");
	require(counter("fallback_stock") == stock, "the module had a hand in it");
}

const struct behaviour boundary_behaviours[] = {
	{ "no-agent-stock-runs-the-helper", no_agent_stock_runs_the_helper },
	{ "no-agent-refuse-stops-at-the-boundary", no_agent_refuse_stops_at_the_boundary },
	{ "setuid-program-is-not-served", setuid_program_is_not_served },
	{ "setuid-program-is-not-served-by-registrars", setuid_program_is_not_served_by_registrars },
	{ "lesser-registrars-do-not-serve-root", lesser_registrars_do_not_serve_root },
	{ "same-user-does-not-serve-into-roots-namespace", same_user_does_not_serve_into_roots_namespace },
	{ "siblings-do-not-serve-each-other", siblings_do_not_serve_each_other },
	{ "ancestor-serves-descendants", ancestor_serves_descendants },
	{ "null-mode-answers-itself", null_mode_answers_itself },
	{ "mode-off-restores-the-kernel", mode_off_restores_the_kernel },
	{ NULL, NULL },
};
