/* SPDX-License-Identifier: MIT */
/* For whoever tries the module: to fail with a sentence, to ask in a process of its own, to be an agent. */
#ifndef KS_SELFTEST_HARNESS_H
#define KS_SELFTEST_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../common/keys.h"
#include "../../common/slowness.h"
#include "keystorm_uapi.h"

/* What "at once" may take, in milliseconds, on an emulated processor that others use too. */
#define PROMPT_MS (5000 * slowness())
/* A wait for something that must come; past it the behaviour has failed. */
#define PATIENCE_MS (10000 * slowness())

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
#define require(condition, ...)              \
	do {                                 \
		if (!(condition))            \
			fail(__VA_ARGS__);   \
	} while (0)

int64_t now_ms(void);
void sleep_ms(int ms);
/** Forks; the child dies with its parent. Returns 0 in the child. */
pid_t fork_tied(void);
void wait_killed(pid_t pid);

/* ---- the module's files ---- */
void set(const char *setting, const char *value);
/** The errno of writing to a parameter of a module, 0 if it was taken. */
int try_set(const char *module, const char *setting, const char *value);
long counter(const char *name);
/** Waits until a counter has reached a value. */
void await_counter(const char *name, long value);

/* ---- a requester ---- */
struct outcome {
	int error; /* errno, 0 when a key was given */
	ks_key_serial key;
	int64_t ms;
	long size;
	char payload[1024];
};

struct asker {
	pid_t pid;
	int result;
};

/** Starts a process that asks for a key of type user; `become`, if any, changes the process first. */
struct asker ask_as(const char *description, void (*become)(void));
struct asker ask(const char *description);
/** What the asker got; it must have ended within `ms`. */
struct outcome told(struct asker *asker, int ms);
void require_error(struct asker *asker, int error, int ms);
void require_payload(struct asker *asker, const char *payload);
bool still_waiting(const struct asker *asker);

/* ---- an agent ---- */
struct message {
	struct ks_request request;
	char strings[3 * 4096];
};

int open_queue(void);
ks_key_serial try_register(const char *format, int argument);
ks_key_serial register_agent(const char *format, int argument);
int agent_signal(void);
void block_agent_signal(void);
/** Reads one request; fails when none comes. */
void take(int queue, struct message *message);
bool nothing_to_take(int queue);
/** The errno of writing an answer, 0 if it was taken. */
int answer(int queue, ks_key_serial serial, unsigned int error, unsigned int timeout, const void *payload, size_t size);
int answer_text(int queue, ks_key_serial serial, const char *text);
/** Starts the real ks-agent with delivery signal and id 9; returns when it has said that it is ready. */
pid_t start_ks_agent(void);
/** Waits for a notification by signal and returns its serial. */
ks_key_serial take_signal(void);

#endif
