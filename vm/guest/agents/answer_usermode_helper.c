// SPDX-License-Identifier: MIT
/* Keys of type "usermode_helper": executes what the callout says in the namespaces of this agent, as the user who asks. */
#include "../common/program.h"
#include "agent.h"

_Static_assert(KS_PROGRAM_PAYLOAD_MAX <= KS_AGENT_REPLY_MAX, "a reply holds what a program writes");

static void make(const struct ks_agent *agent, struct ks_question *question, struct ks_reply *reply)
{
	long size = ks_program_answer(question->callout, question->uid, question->gid, reply->bytes);

	(void)agent;
	if (size < 0)
		ks_reply_reject(reply, (int)-size);
	else
		reply->size = (size_t)size;
}

const struct ks_agent_answer ks_answer_usermode_helper = { "usermode_helper", true, true, make };
