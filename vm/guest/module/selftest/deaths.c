// SPDX-License-Identifier: MIT
/* Agents that die, stop or change; requesters that are killed; time that runs out. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "behaviours.h"
#include "harness.h"

struct delivery {
	const char *format;
	int (*open)(void);
	void (*take)(int argument);
};

static int open_signal(void)
{
	block_agent_signal();
	return agent_signal();
}

static void take_by_signal(int argument)
{
	(void)argument;
	take_signal();
}

static void take_by_fd(int argument)
{
	struct message message;

	take(argument, &message);
}

static const struct delivery by_signal = { "signal:%d", open_signal, take_by_signal };
static const struct delivery by_fd = { "fd-write:%d", open_queue, take_by_fd };

/* An agent in a process of its own, which says when it is ready, and when it has taken a request if it is to take one. */
struct silent_agent {
	pid_t pid;
	int says;
};

static void hear(const struct silent_agent *agent, char what)
{
	char said = 0;

	require(read(agent->says, &said, 1) == 1 && said == what, "the agent did not say %c", what);
}

static struct silent_agent start_silent(const struct delivery *delivery, bool takes)
{
	struct silent_agent agent;
	int pipes[2];

	require(!pipe2(pipes, O_CLOEXEC), "pipe: %s", strerror(errno));
	agent.pid = fork_tied();
	if (!agent.pid) {
		int argument = delivery->open();

		register_agent(delivery->format, argument);
		require(write(pipes[1], "r", 1) == 1, "pipe");
		if (takes) {
			delivery->take(argument);
			require(write(pipes[1], "t", 1) == 1, "pipe");
		}
		for (;;)
			pause();
	}
	close(pipes[1]);
	agent.says = pipes[0];
	hear(&agent, 'r');
	return agent;
}

static void end(const struct silent_agent *agent)
{
	kill(agent->pid, SIGKILL);
	wait_killed(agent->pid);
	close(agent->says);
}

/* Fallback stock: a dead agent must not send the request to the host's helper either. */
static void dead_is_refused(const struct delivery *delivery, bool takes)
{
	long dead = counter("dead"), helpers = counter("helper_execs");
	struct silent_agent agent;
	struct asker asker;

	set("fallback", "stock");
	agent = start_silent(delivery, takes);
	asker = ask("selftest:in-flight-death");
	await_counter("in_flight", 1);
	if (takes)
		hear(&agent, 't');
	require(still_waiting(&asker), "the requester did not wait for the agent");
	end(&agent);
	require_error(&asker, ENOKEY, PROMPT_MS);

	asker = ask("selftest:after-death");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(counter("dead") == dead + 2, "dead went up by %ld, not 2", counter("dead") - dead);
	require(counter("helper_execs") == helpers, "the host's helper was executed");
}

static void signal_agent_dies_unread(void)
{
	dead_is_refused(&by_signal, false);
}

static void signal_agent_dies_notified(void)
{
	dead_is_refused(&by_signal, true);
}

static void fd_agent_dies_unread(void)
{
	dead_is_refused(&by_fd, false);
}

static void fd_agent_dies_notified(void)
{
	dead_is_refused(&by_fd, true);
}

static void requester_is_killable(const struct delivery *delivery)
{
	long killed = counter("killed");
	struct silent_agent agent = start_silent(delivery, false);
	struct asker asker = ask("selftest:killable");
	int64_t start;

	await_counter("in_flight", 1);
	kill(agent.pid, SIGSTOP);
	start = now_ms();
	kill(asker.pid, SIGUSR1); /* ends the wait as well as SIGKILL does: its default is fatal */
	wait_killed(asker.pid);
	require(now_ms() - start < PROMPT_MS, "the requester took %ld ms to die", (long)(now_ms() - start));
	await_counter("in_flight", 0);
	require(counter("killed") == killed + 1, "killed did not go up");
	end(&agent);
}

static void requester_is_killable_signal(void)
{
	requester_is_killable(&by_signal);
}

static void requester_is_killable_fd(void)
{
	requester_is_killable(&by_fd);
}

static void non_fatal_signal_does_not_end_the_wait(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:non-fatal");
	take(queue, &message);
	kill(asker.pid, SIGCONT);
	kill(asker.pid, SIGSTOP);
	kill(asker.pid, SIGCONT);
	sleep_ms(50);
	require(still_waiting(&asker), "the wait ended");
	require(!answer_text(queue, message.request.serial, "patient"), "the answer was refused");
	require_payload(&asker, "patient");
}

static void timeout_is_honoured(const struct delivery *delivery)
{
	long timeouts = counter("timeouts");
	struct silent_agent agent;
	struct outcome outcome;
	struct asker asker;

	set("timeout_ms", "300");
	agent = start_silent(delivery, true);
	asker = ask("selftest:timeout");
	outcome = told(&asker, 300 + PROMPT_MS);
	require(outcome.error == ENOKEY, "the requester got %s", strerrorname_np(outcome.error));
	require(outcome.ms >= 295, "the wait was over after %ld ms already", (long)outcome.ms);
	require(counter("timeouts") == timeouts + 1, "timeouts did not go up");
	end(&agent);
}

static void timeout_is_honoured_signal(void)
{
	timeout_is_honoured(&by_signal);
}

static void timeout_is_honoured_fd(void)
{
	timeout_is_honoured(&by_fd);
}

static void late_answer_is_busy(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	set("timeout_ms", "50");
	register_agent("fd-write:%d", queue);
	asker = ask("selftest:late");
	take(queue, &message);
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(answer_text(queue, message.request.serial, "late") == EBUSY, "the late answer is not EBUSY");

	block_agent_signal();
	register_agent("signal:%d", agent_signal());
	asker = ask("selftest:late-signal");
	message.request.serial = take_signal();
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, message.request.serial) < 0,
		"the authority for a request that is over can be assumed");
}

/* What a killed requester leaves behind does not stand in the way of the next one. */
static void killed_requester_leaves_no_refusal(void)
{
	int queue = open_queue();
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	asker = ask("selftest:orphan");
	take(queue, &message);
	kill(asker.pid, SIGKILL);
	wait_killed(asker.pid);
	require(answer_text(queue, message.request.serial, "late") == EBUSY, "the late answer is not EBUSY");
	asker = ask("selftest:orphan");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "fresh"), "the answer was refused");
	require_payload(&asker, "fresh");
}

static void exec_ends_a_signal_agent(void)
{
	struct asker asker;
	int pipes[2];
	pid_t pid;
	char said;

	require(!pipe2(pipes, 0), "pipe");
	pid = fork_tied();
	if (!pid) {
		char command[64];

		register_agent(by_signal.format, by_signal.open());
		snprintf(command, sizeof(command), "echo x >&%d; sleep 60", pipes[1]);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(1);
	}
	require(read(pipes[0], &said, 1) == 1, "the agent did not execute sh");
	asker = ask("selftest:exec");
	require_error(&asker, ENOKEY, PROMPT_MS);
	require(waitpid(pid, NULL, WNOHANG) == 0, "the program that never asked for signals was hit by one");
	kill(pid, SIGKILL);
	wait_killed(pid);
}

const struct behaviour death_behaviours[] = {
	{ "signal-agent-dies-unread", signal_agent_dies_unread },
	{ "signal-agent-dies-notified", signal_agent_dies_notified },
	{ "fd-agent-dies-unread", fd_agent_dies_unread },
	{ "fd-agent-dies-notified", fd_agent_dies_notified },
	{ "requester-is-killable-signal", requester_is_killable_signal },
	{ "requester-is-killable-fd", requester_is_killable_fd },
	{ "non-fatal-signal-does-not-end-the-wait", non_fatal_signal_does_not_end_the_wait },
	{ "timeout-is-honoured-signal", timeout_is_honoured_signal },
	{ "timeout-is-honoured-fd", timeout_is_honoured_fd },
	{ "late-answer-is-busy", late_answer_is_busy },
	{ "killed-requester-leaves-no-refusal", killed_requester_leaves_no_refusal },
	{ "exec-ends-a-signal-agent", exec_ends_a_signal_agent },
	{ NULL, NULL },
};
