/* SPDX-License-Identifier: MIT */
/* The plan of docs/guest-protocol.md: what it says, checked as a whole before anything is done. */
#ifndef KS_PLAN_H
#define KS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_VERSION 4
#define PLAN_NAME_MAX 32
#define PLAN_CONTAINERS_MAX 64
#define PLAN_REQUESTERS_MAX 64
#define PLAN_WINDOWS_MAX 256
#define PLAN_FAULTS_MAX 16
#define PLAN_STEPS_MAX 1024
#define PLAN_CHECKS_MAX 64
#define PLAN_DEPTH_MAX 32
#define PLAN_WINDOW_MS_MAX 5000
#define PLAN_REQUESTS_MAX 1000000
#define PLAN_RATE_MAX 100000
#define PLAN_PAYLOADS_MAX 8
#define PLAN_BYTES_MAX (1 << 20)

enum plan_route {
	ROUTE_INIT,
	ROUTE_NSENTER,
	ROUTE_SESSION,
	ROUTE_SESSION_RFC,
	ROUTE_USERNS,
	ROUTE_INTERCEPT,
	ROUTE_NULL,
};
enum plan_delivery { DELIVERY_HELPER, DELIVERY_SIGNAL, DELIVERY_FD_KEYCTL, DELIVERY_FD_WRITE, DELIVERY_NONE };
enum plan_helper { HELPER_KEYUTILS, HELPER_MINIMAL, HELPER_NSENTER };
enum plan_fallback { FALLBACK_STOCK, FALLBACK_REFUSE };
enum plan_agent { AGENT_NONE, AGENT_OWN, AGENT_SHARED };
enum plan_requests { REQUESTS_FRESH, REQUESTS_STORM_DISTINCT, REQUESTS_STORM_ONE };
enum plan_fault_name {
	FAULT_KILL_ANSWERER,
	FAULT_STOP_ANSWERER,
	FAULT_SLOW_ANSWERER,
	FAULT_REJECT_ANSWERER,
	FAULT_GARBLE_ANSWERER,
	FAULT_REPEAT_ANSWERER,
	FAULT_MISNUMBER_ANSWERER,
	FAULT_CRASH_ANSWERER,
	FAULT_KILL_REQUESTER,
	FAULT_STARVE_ANSWERER,
	FAULT_EXHAUST_PIDS,
	FAULT_SQUEEZE_MEMORY,
	FAULT_STEP_CLOCK,
	FAULT_OFFLINE_CPU,
	FAULT_FILL_DISK,
	FAULT_LOSE_PACKETS,
	FAULT_STORM_REQUESTERS,
	FAULT_KINDS,
};
enum plan_floor { FLOOR_SYSCALL, FLOOR_ADD_KEY, FLOOR_EVENTFD, FLOOR_VFORK_EXEC };

/** The words of the enums above, in their order, each list ended by NULL. */
extern const char *const plan_routes[];
extern const char *const plan_deliveries[];
extern const char *const plan_helpers[];
extern const char *const plan_fallbacks[];
extern const char *const plan_agents[];
extern const char *const plan_requests[];
extern const char *const plan_floors[];

struct plan_container {
	char name[PLAN_NAME_MAX + 1];
	uint32_t requesters;
	enum plan_agent agent;
	uint32_t agent_uid;
	uint32_t requester_uid;
	bool setuid;
	uint32_t depth;		/* requesters run so many user namespaces below the container's */
	bool storms;		/* a fault says when its requesters ask, in rounds; at all other times they rest */
};

/** What a kind of fault is done to, and how much of it there may be. */
struct plan_fault_kind {
	const char *name;
	bool of_guest;		/* to the guest as a whole; else to a container */
	bool of_agents;		/* only with a route that has agents */
	bool by_group;		/* takes away what a container may have: one such fault of a kind and container at a time */
	bool of_fresh;		/* only with requests that nobody else waits for: no storms */
	bool is_storm;		/* what the container's requesters do, and nothing else: one at a time, of closed loops */
	bool is_dose;		/* the agent itself does it, one such thing at a time: see common/dose.h */
	uint32_t least, most;	/* of the amount; most 0: it has none */
	uint32_t usual;		/* when no amount is given */
};

/** By enum plan_fault_name. */
extern const struct plan_fault_kind plan_fault_kinds[];

/** What is done to `container`, or to the guest as a whole, from at_ms to until_ms of the window. */
struct plan_fault {
	enum plan_fault_name kind;
	uint32_t container;	/* 0 with a kind that is of the guest */
	uint32_t at_ms;
	uint32_t until_ms;
	uint32_t amount;
};

/** What is compared, and how it is set up: of a cell, and of a block of checks. */
struct plan_mechanism {
	char name[PLAN_NAME_MAX + 1];
	enum plan_route route;
	enum plan_delivery delivery;
	enum plan_helper helper;
	enum plan_fallback fallback;
	uint32_t timeout_ms;
	uint32_t given;		/* the parser's: which statements have been seen */
};

/** Whether agents answer on a route, and whether executed helpers do. The module itself is neither. */
bool plan_has_agents(enum plan_route route);
bool plan_has_helpers(enum plan_route route);

/**
 * rate: starts a second in each container (open loop), 0 in closed loop. batch: requests are not timed one by one. stages:
 * they are taken apart.
 */
struct plan_window {
	uint32_t ms;
	uint32_t requests;
	bool samples;
	bool batch;
	bool stages;
	uint32_t rate;
	struct plan_fault faults[PLAN_FAULTS_MAX];
	uint32_t fault_count;
};

struct plan_cell {
	char id[PLAN_NAME_MAX + 1];
	struct plan_mechanism mechanism;
	uint32_t deadline_ms;
	uint32_t backoff_us;
	uint32_t agent_delay_ns;	/* an agent's, before each answer */
	uint32_t path_instructions;	/* the module's, more than it needs, in each upcall */
	uint32_t payload_bytes[PLAN_PAYLOADS_MAX];
	uint32_t payload_count;
	enum plan_requests requests;
	uint32_t hit_percent;
	struct plan_container *containers;
	uint32_t container_count;
	uint32_t warmup;
	struct plan_window *windows;
	uint32_t window_count;
	bool hold;		/* no windows and no requesters: containers and agents are there until the runner is told to stop */
	uint32_t given;		/* the parser's: which statements have been seen */
};

/** A block of checks: names for ks-check, which know what is to be tried. */
struct plan_checks {
	char id[PLAN_NAME_MAX + 1];
	struct plan_mechanism mechanism;
	char names[PLAN_CHECKS_MAX][PLAN_NAME_MAX + 1];
	uint32_t count;
};

/** A cell when `cell` is not NULL, a block of checks when `checks` is not, else a floor. */
struct plan_step {
	enum plan_floor floor;
	uint32_t iterations;
	struct plan_cell *cell;
	struct plan_checks *checks;
};

struct plan {
	uint32_t boot;
	bool boot_given;
	struct plan_step *steps;
	uint32_t step_count;
	bool complete;		/* `run` was read */
};

/** What is wrong with a plan. `line` counts from 1. */
struct plan_error {
	uint32_t line;
	char message[512];
};

/**
 * Reads a whole plan. Returns 0, or -1 with `error` filled in. The plan is to be freed in both cases.
 * `text` must be NUL-terminated; it may contain no other NUL.
 */
int plan_parse(const char *text, struct plan *plan, struct plan_error *error);

/** Whether `text` holds a `run` statement on a line of its own: no more of the plan is to come. */
bool plan_is_whole(const char *text);

void plan_free(struct plan *plan);

#endif
