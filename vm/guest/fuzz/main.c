// SPDX-License-Identifier: MIT
/*
 * ks-fuzz: hostile calls at every interface of the module, from whoever can reach it.
 *
 * ks-fuzz [--seed N] [--calls N] [--seconds N] [--sabotage setting|canary|stuck|taint|queue]
 *
 * The module must be loaded, and is unloaded at the end. First an ordinary user and root of a user namespace have at it, then
 * root of the host as well. What must hold:
 *  - each call returns, with success or an errno that there is;
 *  - nobody but root changes a setting, and nobody disturbs an agent of somebody else's (the canary);
 *  - every request ends, however it races with its agent's end;
 *  - the kernel is not tainted more than before, and the module can be unloaded.
 * What the kernel log says is for whoever started this to read. --sabotage breaks one of these, to see that it is noticed.
 *
 * Prints calls by interface and errno; the last line is "ok N calls, seed S" or "not ok N calls, seed S: why". Fewer calls than asked
 * for, because the time was up, are said to be. Exit codes: 0 all held, 1 something did not, 2 wrong arguments, 3 it could not be tried.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define CALLS 20000
#define SECONDS 300
/* What no call lasts: the module's timeout is far below. */
#define STUCK_MS (20000 * slowness())
/* A race makes several, and waits for several to end. */
#define LAST_CALL_MS (8 * STUCK_MS)
#define NR_PHASES 2

static const char *const sabotages[] = { "setting", "canary", "stuck", "taint", "queue", NULL };
enum sabotage { SETTING_CHANGES, CANARY_DIES, WORKER_STICKS, KERNEL_TAINTED, QUEUE_STAYS_OPEN, NO_SABOTAGE };

static struct {
	uint64_t seed;
	long calls;
	long seconds;
	enum sabotage sabotage;
} options = { .seed = 1, .calls = CALLS, .seconds = SECONDS, .sabotage = NO_SABOTAGE };

/* Long enough for an agent to be in time, now and then, and no longer. */
#define TIMEOUT_MS (20 * slowness())

static char timeout_ms[16];
static const struct {
	const char *name, *value;
} defaults[NR_SETTINGS] = {
	{ "mode", "session" }, { "fallback", "refuse" },    { "timeout_ms", timeout_ms },
	{ "refusal_s", "0" },  { "stages_room", "65536" }, { "stages", "1" },
	{ "path_instructions", "0" },
};

static void settle(void)
{
	snprintf(timeout_ms, sizeof(timeout_ms), "%d", TIMEOUT_MS);
	for (int i = 0; i < NR_SETTINGS; i++)
		set(defaults[i].name, defaults[i].value);
}

/* The kernel's flags of everything that ever went wrong with it. */
static long tainted(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);

	require(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0, "cannot read /proc/sys/kernel/tainted: %s", strerror(errno));
	close(fd);
	return strtol(text, NULL, 10);
}

static void one_call(enum role role)
{
	uint32_t which = draw(200);

	if (which < 70)
		fuzz_ioctl();
	else if (which < 90)
		fuzz_read();
	else if (which < 115)
		fuzz_write();
	else if (which < 120)
		fuzz_poll();
	else if (which < 155)
		fuzz_add_key();
	else if (which < 175)
		fuzz_keyctl();
	else if (which < 190)
		fuzz_request_key();
	else if (which < 199)
		fuzz_setting(role);
	else
		fuzz_race();
}

static void block_realtime_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		sigaddset(&set, signo);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* It ends after its share of calls or when the time is up, which is no violation. */
static pid_t start_worker(enum role role, int phase, long until, int64_t deadline)
{
	pid_t pid = fork_tied();

	if (pid)
		return pid;
	setpgid(0, 0);
	draw_from(options.seed * 64 + (uint64_t)(phase * NR_ROLES + (int)role));
	tally_worker(1 + (int)role);
	block_realtime_signals();
	become_role(role);
	/* A change of identity has untied it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
	queues_open();
	if (options.sabotage == WORKER_STICKS && role == ORDINARY) {
		calling(READ);
		pause();
	}
	while (tally_calls() < until && now_ms() < deadline)
		one_call(role);
	_exit(0);
}

/* A call that is under way when the time is up must return as any other. */
static void await_workers(pid_t *workers, int64_t deadline)
{
	int running, status;

	do {
		sleep_ms(20);
		running = 0;
		for (int role = 0; role < NR_ROLES; role++) {
			if (!workers[role])
				continue;
			if (call_lasts_ms(1 + role) > STUCK_MS)
				violated("%s does not return from %s", role_names[role], call_of(1 + role));
			if (waitpid(workers[role], &status, WNOHANG) == 0) {
				running++;
				continue;
			}
			workers[role] = 0;
			if (WIFSIGNALED(status))
				violated("%s was killed by %s", role_names[role], strsignal(WTERMSIG(status)));
			if (status)
				_exit(1);
		}
		if (running && now_ms() > deadline + LAST_CALL_MS)
			violated("a worker does not end when its time is up");
	} while (running);
}

static void run_phase(int phase, enum role first, long calls)
{
	int64_t deadline = now_ms() + options.seconds * 1000 / NR_PHASES;
	long until = tally_calls() + calls;
	pid_t workers[NR_ROLES] = { 0 };

	for (int role = (int)first; role < NR_ROLES; role++)
		workers[role] = start_worker((enum role)role, phase, until, deadline);
	await_workers(workers, deadline);
}

static void require_settings_untouched(void)
{
	for (int i = 0; i < NR_SETTINGS; i++) {
		char text[32] = "";

		require(pread(setting_descriptor(i), text, sizeof(text) - 1, 0) > 0, "cannot read %s", defaults[i].name);
		text[strcspn(text, "\n")] = '\0';
		if (strcmp(text, defaults[i].value))
			violated("the setting %s is %s after calls by users who may not set it, and was %s", defaults[i].name, text,
				 defaults[i].value);
	}
}

static void unload(void)
{
	int64_t deadline = now_ms() + STUCK_MS;

	for (int i = 0; i < NR_SETTINGS; i++)
		close(setting_descriptor(i));
	while (syscall(SYS_delete_module, "keystorm", O_NONBLOCK)) {
		if (now_ms() > deadline)
			violated("the module cannot be unloaded: %s", strerror(errno));
		sleep_ms(20);
	}
}

/* What root may do, and nobody else did. */
static void sabotage(pid_t canary)
{
	int fd;

	switch (options.sabotage) {
	case SETTING_CHANGES:
		set("refusal_s", "7");
		break;
	case CANARY_DIES:
		kill(-canary, SIGSTOP);
		break;
	case KERNEL_TAINTED:
		fd = open("/proc/sys/kernel/tainted", O_WRONLY | O_CLOEXEC);
		require(fd >= 0 && write(fd, "64", 2) == 2, "cannot taint the kernel: %s", strerror(errno));
		close(fd);
		break;
	case QUEUE_STAYS_OPEN:
		open_queue();
		break;
	default:
		break;
	}
}

static void conduct(void)
{
	long taints = tainted();
	pid_t canary;

	settle();
	canary = canary_start();
	descriptors_open(canary);
	run_phase(0, ORDINARY, options.calls / NR_PHASES);
	sabotage(canary);
	require_settings_untouched();
	canary_sings("users without rights");
	settle();
	run_phase(1, ROOT, options.calls - tally_calls());
	canary_sings("users without rights, and root");
	canary_end();
	if (tainted() != taints)
		violated("the kernel is tainted with %ld, and was with %ld", tainted(), taints);
	unload();
}

static long number(const char *option, const char *text, long max)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > max) {
		fprintf(stderr, "ks-fuzz: --%s takes a number from 1 to %ld, not \"%s\"\n", option, max, text);
		exit(2);
	}
	return value;
}

static enum sabotage sabotage_named(const char *name)
{
	for (int i = 0; sabotages[i]; i++)
		if (!strcmp(name, sabotages[i]))
			return (enum sabotage)i;
	fprintf(stderr, "ks-fuzz: --sabotage takes setting, canary, stuck, taint or queue, not \"%s\"\n", name);
	exit(2);
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },    { "calls", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 't' }, { "sabotage", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		switch (option) {
		case 's':
			options.seed = (uint64_t)number("seed", optarg, INT32_MAX);
			break;
		case 'c':
			options.calls = number("calls", optarg, 100000000);
			break;
		case 't':
			options.seconds = number("seconds", optarg, 86400);
			break;
		case 'b':
			options.sabotage = sabotage_named(optarg);
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc) {
		fprintf(stderr, "ks-fuzz: there is no argument \"%s\"\n", argv[optind]);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	pid_t conductor;
	int status;

	parse(argc, argv);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	tally_open();
	conductor = fork_tied();
	if (!conductor) {
		conduct();
		_exit(0);
	}
	/* Whatever is left when it ends is tied to it, and ends as well. */
	waitpid(conductor, &status, 0);
	tally_print();
	if (violation()) {
		printf("not ok %ld calls, seed %llu: %s\n", tally_calls(), (unsigned long long)options.seed, violation());
		return 1;
	}
	if (status) {
		printf("not ok %ld calls, seed %llu: it could not be tried to the end\n", tally_calls(), (unsigned long long)options.seed);
		return 3;
	}
	printf("ok %ld calls, seed %llu%s\n", tally_calls(), (unsigned long long)options.seed,
	       tally_calls() < options.calls ? ", then the time was up" : "");
	return 0;
}
