// SPDX-License-Identifier: MIT
/* The answer to keys of any type that has no other: who answers, from which namespaces, and to what. See common/answer.h. */
#include <errno.h>

#include "agent.h"

static void make(const struct ks_agent *agent, struct ks_question *question, struct ks_reply *reply)
{
	reply->size = ks_answer_size(&agent->options->sizes, question->description);
	if (ks_answer_format(reply->bytes, reply->size, &agent->self, question->description)) {
		ks_reply_reject(reply, EMSGSIZE);
		return;
	}
	if (!question->stages.woke)
		return;
	question->stages.answering = ks_now();
	if (ks_answer_stamp(reply->bytes, reply->size, &question->stages))
		ks_reply_reject(reply, EMSGSIZE);
}

const struct ks_agent_answer ks_answer_ks = { NULL, false, false, make };
