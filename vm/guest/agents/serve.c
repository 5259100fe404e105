// SPDX-License-Identifier: MIT
/* Takes one question after the other; slow ones are answered by processes of their own. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "agent.h"
#include "dose.h"

/* Beyond it a slow question is refused with EAGAIN. */
#define WORKERS_MAX 64

static void answer(const struct ks_agent *agent, struct ks_question *question)
{
	const struct ks_agent_delivery *delivery = agent->options->delivery;
	static struct ks_reply reply;

	reply = (struct ks_reply){ 0 };
	ks_agent_answer_for(question->type)->make(agent, question, &reply);
	ks_dose_linger(agent);
	if (ks_dose_is_given(agent) && !ks_dose_take(agent, question, &reply))
		return;
	if (!delivery->give(question, &reply) || errno == EBUSY || errno == ENOKEY)
		return;
	/* The key type does not take it. Answered, timed out or gone meanwhile: then there is nothing to reject. */
	ks_reply_reject(&reply, errno);
	delivery->give(question, &reply);
}

static void refuse(const struct ks_agent *agent, const struct ks_question *question, int error)
{
	struct ks_reply reply = { 0 };

	ks_reply_reject(&reply, error);
	agent->options->delivery->give(question, &reply);
}

/* It ends with the agent: a queue lives as long as its last descriptor, and nobody is to take a dead agent for a live one. */
__attribute__((noreturn)) static void be_worker(const struct ks_agent *agent, struct ks_question *question, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	answer(agent, question);
	_exit(0);
}

static void answer_in_worker(const struct ks_agent *agent, struct ks_question *question)
{
	static unsigned int workers;
	pid_t pid, parent = getpid();

	while (workers > 0 && waitpid(-1, NULL, WNOHANG) > 0)
		workers--;
	if (workers == WORKERS_MAX) {
		refuse(agent, question, EAGAIN);
		return;
	}
	pid = fork();
	if (pid == 0)
		be_worker(agent, question, parent);
	if (pid < 0) {
		refuse(agent, question, errno);
		return;
	}
	workers++;
	agent->options->delivery->leave();
}

int ks_agent_serve(const struct ks_agent *agent)
{
	static struct ks_question question;

	for (;;) {
		if (agent->options->delivery->take(agent, &question))
			return -1;
		if (ks_agent_answer_for(question.type)->slow)
			answer_in_worker(agent, &question);
		else
			answer(agent, &question);
	}
}
