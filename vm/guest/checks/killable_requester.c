// SPDX-License-Identifier: MIT
/*
 * killable-requester: who waits for an answerer that hangs can be killed, and leaves no key under construction; the answer that comes
 * after all is refused (EBUSY). A signal that is not fatal does not end the wait, which an answer does.
 *
 * On today's kernel nobody can kill the requester, for as long as the helper hangs.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "all.h"
#include "key_quota.h"
#include "mechanism.h"
#include "process_status.h"
#include "puppet.h"
#include "verdict.h"

/* A process that was killed is gone by then. */
#define DEATH_MS (1000 * slowness())

/* A request, and whoever is to answer it and stands still. */
struct hanging {
	struct task request;
	const struct puppet *agent;	/* it has taken the request, and is stopped; or */
	pid_t helper;			/* it sleeps */
	struct step step;
};

/* How many answerers were seen to stand still. */
static int still;

static const char *who(const struct hanging *hanging)
{
	return hanging->agent ? "the agent" : "the helper";
}

static struct hanging hang(const struct place *container, const struct puppet *agent, const char *description)
{
	struct hanging hanging = { .agent = agent };
	struct question question = question_of(description);

	question.handles = true;
	hanging.request = ask_question(container, &question);
	if (agent) {
		require(puppet_is_told_before(agent, &hanging.request, &hanging.step) && !puppet_does(agent, puppet_assume, &hanging.step),
			"the agent was told of no request");
		task_stop(&agent->task);
	} else {
		hanging.helper = hanging_helper_await();
	}
	require(!task_ends(&hanging.request, HANGING_MS), "the request of an answerer that hangs has ended");
	still += status_state(agent ? agent->task.pid : hanging.helper) == (agent ? 'T' : 'S');
	return hanging;
}

/* The answerer goes on: the agent answers, or the helper ends without an answer. Returns the errno of the answer. */
static int go_on(const struct hanging *hanging)
{
	struct step step = hanging->step;

	if (hanging->helper) {
		kill(hanging->helper, SIGKILL);
		return 0;
	}
	task_signal(&hanging->agent->task, SIGCONT);
	return puppet_does(hanging->agent, puppet_instantiate, &step);
}

static void try_other_signal(const struct place *container, const struct puppet *agent)
{
	struct hanging hanging = hang(container, agent, "ks:check:hanging:0:0");
	struct reply reply;
	bool waits;

	task_signal(&hanging.request, SIGUSR1);
	waits = !task_ends(&hanging.request, HANGING_MS);
	go_on(&hanging);
	reply = reply_within(&hanging.request, PATIENCE_MS);
	decide(waits && reply.error != EINTR, "other-signals-end-no-wait",
	       "%s hangs; %d ms after a signal that the requester handles, it %s; when %s: %s", who(&hanging), HANGING_MS,
	       waits ? "still waited" : "waited no more", agent ? "the agent answered" : "the helper was killed", reply_text(&reply));
}

/* Whether the requester was hit: it has gone, or the signal waits for it. */
static bool try_kill(const struct place *container, const struct puppet *agent)
{
	struct hanging hanging = hang(container, agent, "ks:check:hanging:0:1");
	char state = status_state(hanging.request.pid);
	bool dies, hit, settles;
	long unfinished;
	int late;

	task_signal(&hanging.request, SIGKILL);
	dies = task_ends(&hanging.request, DEATH_MS);
	hit = dies || status_signal_waits(hanging.request.pid, SIGKILL);
	decide(dies, "killable-requester", "%s hangs; the requester, in state %c, %s %d ms after SIGKILL", who(&hanging), state,
	       dies ? "was gone within" : "was still there", DEATH_MS);
	if (agent) {
		settles = key_quota_settles(PLACE_FIRST_ID);
		/* A late answer that is taken would finish it. */
		unfinished = key_quota_of(PLACE_FIRST_ID).unfinished;
		late = go_on(&hanging);
		decide(late == EBUSY, "late-answer-is-busy", "the requester was killed, and then the agent answers: %s",
		       late ? strerrorname_np(late) : "the answer is taken");
	} else {
		go_on(&hanging);
		settles = task_ends(&hanging.request, PATIENCE_MS) && key_quota_settles(PLACE_FIRST_ID);
		unfinished = key_quota_of(PLACE_FIRST_ID).unfinished;
		not_applicable("late-answer-is-busy", "as long as there is a helper that could answer, its requester waits");
	}
	decide(settles, "killed-requester-leaves-no-key", "the requester was killed%s; %ld keys of its user are under construction",
	       agent ? "" : ", and then the helper", unfinished);
	return hit;
}

void check_killable_requester(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct puppet puppet, *agent = NULL;
	bool hit, served;

	if (has_agents()) {
		puppet = puppet_agent(&container);
		agent = &puppet;
	} else {
		hanging_helper_install();
	}
	try_other_signal(&container, agent);
	hit = try_kill(&container, agent);
	if (!agent)
		hanging_helper_remove();
	served = is_served(&container, agent, "ks:check:after:0:0");
	fault_was("answerer-hangs", still, served);
	fault_was("requester-killed", hit, served);
}
