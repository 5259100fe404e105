// SPDX-License-Identifier: MIT
/* unblocked-signal: an agent that has forgotten to block its signal is not killed by the first request: it can not even register. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "mechanism.h"
#include "process_status.h"
#include "puppet.h"
#include "verdict.h"

/* It is dead by then if the first request kills it. */
#define DEATH_MS (3000 * slowness())

/* `number`: the signal is blocked still. */
static int enlist_unblocked(struct step *step)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, agent_signal());
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	step->number = (status_mask(getpid(), "SigBlk") >> (agent_signal() - 1)) & 1;
	return puppet_enlist(step);
}

void check_unblocked_signal(void)
{
	struct place container;
	struct step step = { 0 };
	struct puppet puppet;
	struct task request;
	bool dead;
	int error;

	if (mechanism.delivery != DELIVERY_SIGNAL) {
		not_applicable("unblocked-signal-never-kills", "nobody is told by signal");
		return;
	}
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	puppet = puppet_start(&container);
	error = puppet_does(&puppet, enlist_unblocked, &step);
	request = ask_for(&container, "user", "ks:check:unblocked:0:0");
	if (error)
		reply_within(&request, PATIENCE_MS + (int)mechanism.timeout_ms);
	dead = task_ends(&puppet.task, error ? 0 : DEATH_MS);
	decide(!dead, "unblocked-signal-never-kills",
	       "an agent that has not blocked its signal tries to register: %s; after a request it %s", error ? strerrorname_np(error) : "granted",
	       dead ? "was dead" : "lived on");
	if (!error)
		task_end(&request);
	puppet_kill(&puppet);
	puppet = puppet_agent(&container);
	fault_was("unblocked-signal", !step.number, is_served(&container, &puppet, "ks:check:unblocked:0:1"));
}
