/* SPDX-License-Identifier: MIT */
/* What an agent is told on its command line, and what its two halves share. */
#ifndef KS_AGENT_H
#define KS_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/answer.h"
#include "../common/answer_sizes.h"
#include "../common/keys.h"

/* Seconds a rejection by the agent stays as a negative key. */
#define KS_AGENT_REJECTION_S 1

/** How this agent is configured. */
struct ks_agent_options {
	uint32_t id;
	struct ks_answer_sizes sizes;
	const char *key_type;
	ks_key_serial keyring;
	bool new_session;	/* not the session keyring it was started with */
	int ready_fd; /* -1: nobody wants to know */
};

/**
 * A delivery, from the agent's side: `open` makes what requests arrive at and writes the registration's payload into
 * `payload`; `serve` answers for ever. Both return -1 with errno on failure.
 */
struct ks_agent_delivery {
	const char *name;
	int (*open)(char *payload, size_t size);
	int (*serve)(const struct ks_agent_options *options, const struct ks_answerer *self);
};

extern const struct ks_agent_delivery ks_agent_signal;
extern const struct ks_agent_delivery ks_agent_fd_write;

/** Fills in who this process is. Returns 0, or -1 with errno. */
int ks_answerer_self(struct ks_answerer *self, uint32_t id);

#endif
