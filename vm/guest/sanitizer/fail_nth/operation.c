// SPDX-License-Identifier: MIT
#include "operation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void prepare_nothing(struct stage *stage)
{
	(void)stage;
}

void prepare_queue(struct stage *stage)
{
	stage->queue = open_queue();
}

void describe(struct stage *stage, const char *what)
{
	snprintf(stage->description, sizeof(stage->description), "failnth:%s-%d", what, stage->attempt);
}

void remove_agent(struct stage *stage)
{
	require(!ks_key_unlink(stage->key, KEY_SPEC_SESSION_KEYRING), "cannot unlink the registration: %s", strerror(errno));
}
