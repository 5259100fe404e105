// SPDX-License-Identifier: MIT
/*
 * forged-notification: whoever may signal an agent can send it what looks like a notification. It is a hint without authority:
 * the agent ignores it, whether its own user or root of the host sent it, and goes on answering.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "process_status.h"
#include "question.h"
#include "verdict.h"

#define FORGERIES 200

/* An agent that stood still meanwhile has taken all of them by then. */
#define TAKEN_MS (5000 * slowness())

/* Whom, and a key that there is, and that is not under construction. */
struct target {
	pid_t agent;
	ks_key_serial key;
};

static void forge(const struct target *target)
{
	siginfo_t forged = { 0 };

	forged.si_signo = agent_signal();
	forged.si_code = KS_SI_CODE;
	for (int i = 0; i < FORGERIES; i++) {
		forged.si_int = i % 2 ? target->key : i * 7919 - 50;
		require(!syscall(SYS_rt_sigqueueinfo, target->agent, agent_signal(), &forged), "cannot forge: %s", strerror(errno));
	}
}

static void forge_here(int channel, const void *argument)
{
	forge(argument);
	task_done(channel);
}

/*
 * Has somebody send them: the check itself, or a task of the place. The agent stands still meanwhile, so that what has arrived can be
 * counted. Returns how many, when it has taken them.
 */
static long arrive(const struct agent *agent, const struct place *place, const struct target *target)
{
	int64_t deadline = now_ms() + TAKEN_MS;
	long arrived;

	task_stop(&agent->task);
	if (place)
		place_do(place, forge_here, target, sizeof(*target));
	else
		forge(target);
	arrived = status_signals_queued(agent->task.pid);
	task_signal(&agent->task, SIGCONT);
	while (status_signal_waits(agent->task.pid, agent_signal()) && now_ms() < deadline)
		sleep_ms(10);
	return arrived;
}

static bool is_same(const struct reply *reply, const struct answerer *first)
{
	struct answerer who;

	return reply_answerer(reply, &who) && who.id == first->id && who.pid == first->pid;
}

void check_forged_notification(void)
{
	struct reply first, after_own, after_host;
	struct answerer who;
	struct place container;
	struct agent agent;
	struct target target;
	long arrived;

	if (mechanism.delivery != DELIVERY_SIGNAL) {
		not_applicable("forged-notifications-ignored", "nobody is told by signal");
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	agent = agent_start(&container, &(struct agent_wish){ 0 });
	first = ask_and_wait(&container, "user", "ks:check:forged:0:0");
	if (!reply_answerer(&first, &who) || who.id != agent.id) {
		unknown("forged-notifications-ignored", "the agent does not answer, forged to or not: %s", reply_text(&first));
		return;
	}
	/* Its own user in its own container calls it by another number than the host does. */
	target = (struct target){ (pid_t)who.pid, first.key };
	arrived = arrive(&agent, &container, &target);
	after_own = ask_and_wait(&container, "user", "ks:check:forged:0:1");
	arrived += arrive(&agent, NULL, &(struct target){ agent.task.pid, first.key });
	after_host = ask_and_wait(&container, "user", "ks:check:forged:0:2");
	decide(is_same(&after_own, &who) && is_same(&after_host, &who), "forged-notifications-ignored",
	       "after %d forgeries by its own user: %s; after as many by root of the host: %s (agent %u, pid %u before and after)",
	       FORGERIES, reply_text(&after_own), reply_text(&after_host), who.id, who.pid);
	fault_was("forged-notification", arrived, !status_signal_waits(agent.task.pid, agent_signal()) && is_same(&after_host, &who));
	place_end(&container);
}
