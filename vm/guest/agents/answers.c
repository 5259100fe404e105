// SPDX-License-Identifier: MIT
#include <string.h>

#include "agent.h"

/* The last is for any type. */
static const struct ks_agent_answer *const answers[] = {
	&ks_answer_dns_resolver,
	&ks_answer_usermode_helper,
	&ks_answer_ks,
};

const struct ks_agent_answer *ks_agent_answer_for(const char *key_type)
{
	size_t i = 0;

	while (answers[i]->key_type && strcmp(answers[i]->key_type, key_type))
		i++;
	return answers[i];
}

void ks_reply_reject(struct ks_reply *reply, int error)
{
	reply->error = error;
	reply->seconds = KS_AGENT_REJECTION_S;
	reply->size = 0;
}
