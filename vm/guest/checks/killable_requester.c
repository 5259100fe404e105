// SPDX-License-Identifier: MIT
/* killable-requester: who waits for an answerer that hangs can be killed. On today's kernel it cannot, by anybody, for ever. */
#include <signal.h>
#include <stdio.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "mechanism.h"
#include "question.h"
#include "verdict.h"

/* Long enough for a process to die on a busy emulated processor. */
#define DEATH_MS (3000 * slowness())

static char state_of(pid_t pid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		fclose(file);
	}
	return state;
}

void check_killable_requester(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct agent agent;
	struct task request;
	pid_t helper = 0;
	bool dies;
	char state;

	if (has_agents()) {
		agent = agent_start(&container, &(struct agent_wish){ 0 });
		task_signal(&agent.task, SIGSTOP);
	} else {
		hanging_helper_install();
	}
	request = ask_for(&container, "user", "ks:check:hanging:0:0");
	if (!has_agents())
		helper = hanging_helper_await();
	require(!task_ends(&request, HANGING_MS), "the request of an answerer that hangs has ended");
	state = state_of(request.pid);
	task_signal(&request, SIGKILL);
	dies = task_ends(&request, DEATH_MS);
	decide(dies, "killable-requester", "%s hangs; the requester, in state %c, %s %d ms after SIGKILL",
	       has_agents() ? "the agent" : "the helper", state, dies ? "was gone within" : "was still there", DEATH_MS);
	if (helper)
		kill(helper, SIGKILL);
	else
		task_signal(&agent.task, SIGKILL);
}
