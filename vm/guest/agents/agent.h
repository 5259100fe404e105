/* SPDX-License-Identifier: MIT */
/*
 * The parts of an agent. A route registers it, a delivery takes questions and gives replies back, an answer for the key's
 * type makes the reply: a file each, and any route goes with any delivery and any key type.
 */
#ifndef KS_AGENT_H
#define KS_AGENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../common/answer.h"
#include "../common/answer_sizes.h"
#include "../common/clock.h"
#include "../common/dose.h"
#include "../common/keys.h"
#include "../common/stage_switch.h"

/* Seconds a rejection by the agent stays as a negative key. */
#define KS_AGENT_REJECTION_S 1
/* "fd-write:<fd>", "signal:<signo>" and the like */
#define KS_AGENT_TEXT_MAX 40
#define KS_AGENT_REPLY_MAX 4096
/* --type any, and in the kernel's words */
#define KS_ANY_TYPE "any"
/* Kinds of namespaces a filter may name. */
#define KS_FILTER_MAX 7

/** Kinds of namespaces, as /proc/self/ns calls them. */
struct ks_filter {
	uint32_t count;
	const char *kinds[KS_FILTER_MAX];
};

struct ks_agent_route;
struct ks_agent_delivery;

/** What this agent was told on its command line. */
struct ks_agent_options {
	uint32_t id;
	const struct ks_agent_route *route;
	const struct ks_agent_delivery *delivery;
	struct ks_filter filter;
	const char *key_type;
	struct ks_answer_sizes sizes;
	ks_key_serial keyring;
	bool new_session;	/* not the session keyring it was started with */
	bool stages;		/* stamps always */
	int stages_fd;		/* stamps when this says so; -1: there is none */
	int dose_fd;		/* does wrong when this says so; -1: never */
	int ready_fd;		/* -1: nobody wants to know */
};

/** A running agent. */
struct ks_agent {
	const struct ks_agent_options *options;
	struct ks_answerer self;
	const struct ks_stage_switch *stages;	/* NULL: never */
	struct ks_dose *dose;
};

/** A request. The strings live until the next one is taken. uid and gid are the requester's, as this agent sees them. */
struct ks_question {
	ks_key_serial serial;
	uid_t uid;
	gid_t gid;
	const char *type;
	const char *description;
	const char *callout;	/* "" also where the type's answer has no use for it */
	struct ks_answer_stages stages;
};

/** What the key is instantiated with or, with an error, rejected with for `seconds`. */
struct ks_reply {
	int error;
	uint32_t seconds;
	uint32_t lifetime_s;	/* after which the key expires, where the delivery can say so; 0: never */
	size_t size;
	char bytes[KS_AGENT_REPLY_MAX];
};

/**
 * A route, from the agent's side: `enlist` registers it, or takes the place of one that has crashed. `text` says how it is told, in
 * the module's words. -1 with errno on failure.
 */
struct ks_agent_route {
	const char *name;
	bool filters;	/* --filter means something */
	bool any_type;	/* --type any does */
	int (*enlist)(const struct ks_agent_options *options, const char *text);
};

/** Answers to a pending request that no kernel may take. */
enum ks_malformed {
	KS_MALFORMED_EMPTY,		/* rejected with no error or, where that cannot be said, instantiated with nothing */
	KS_MALFORMED_KERNEL_ERROR,	/* rejected with an error that user space must not see */
	KS_MALFORMED_HUGE,		/* a payload of 2 MB */
	KS_MALFORMED_WAYS,
};

#define KS_KERNEL_ERROR 512
#define KS_HUGE (2 * 1024 * 1024)

/** A delivery, from the agent's side. All return -1 with errno on failure. */
struct ks_agent_delivery {
	const char *name;
	/* Makes what requests arrive at, and writes the registration's text, at most KS_AGENT_TEXT_MAX bytes. */
	int (*open)(char *text);
	/* Waits for a question that it may answer. */
	int (*take)(const struct ks_agent *agent, struct ks_question *question);
	/* Gives the reply to the kernel. EBUSY, ENOKEY: it is too late, and nothing is lost. */
	int (*give)(const struct ks_question *question, const struct ks_reply *reply);
	/* Gives what is no answer, and must be refused with EINVAL; the request then goes on. */
	int (*give_malformed)(const struct ks_question *question, enum ks_malformed way);
	/* Another process gives the reply: this one is to forget what it holds for the question. */
	void (*leave)(void);
};

/**
 * How keys of a type are answered. `slow`: it may take long, or run programs, so a process of its own makes it.
 * `wants_callout`: `make` looks at the callout.
 */
struct ks_agent_answer {
	const char *key_type;	/* NULL: any other */
	bool slow;
	bool wants_callout;
	void (*make)(const struct ks_agent *agent, struct ks_question *question, struct ks_reply *reply);
};

extern const struct ks_agent_route ks_route_session, ks_route_session_rfc, ks_route_userns, ks_route_intercept;
extern const struct ks_agent_delivery ks_delivery_signal, ks_delivery_fd_keyctl, ks_delivery_fd_write;
extern const struct ks_agent_answer ks_answer_ks, ks_answer_dns_resolver, ks_answer_usermode_helper;

/** How keys of that type are answered; never NULL. */
const struct ks_agent_answer *ks_agent_answer_for(const char *key_type);

/** Makes `reply` a rejection with that error, for KS_AGENT_REJECTION_S. */
void ks_reply_reject(struct ks_reply *reply, int error);

/** Fills in who this process is. Returns 0, or -1 with errno. */
int ks_answerer_self(struct ks_answerer *self, uint32_t id);

/** Answers for ever. Returns -1 with errno when it cannot any more. */
int ks_agent_serve(const struct ks_agent *agent);

/** Now, if stages are stamped at this moment; else 0. */
static inline uint64_t ks_agent_stamp(const struct ks_agent *agent)
{
	return agent->stages && atomic_load_explicit(&agent->stages->on, memory_order_relaxed) ? ks_now() : 0;
}

#endif
