// SPDX-License-Identifier: MIT
/* Keys of type "dns_resolver": asks the servers of this agent's namespaces, and answers as keyutils' key.dns_resolver does. */
#include "../common/name_lookup.h"
#include "agent.h"

static void make(const struct ks_agent *agent, struct ks_question *question, struct ks_reply *reply)
{
	long size = ks_name_lookup(question->description, question->callout, reply->bytes, sizeof(reply->bytes));

	(void)agent;
	if (size < 0) {
		ks_reply_reject(reply, (int)-size);
		return;
	}
	reply->size = (size_t)size;
	reply->lifetime_s = KS_NAME_LIFETIME_S;
}

const struct ks_agent_answer ks_answer_dns_resolver = { "dns_resolver", true, true, make };
