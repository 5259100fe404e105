// SPDX-License-Identifier: MIT
#include "plan_fault.h"

#include <stdio.h>
#include <string.h>

#include "plan_window.h"

#define FAULT_WORDS 7

#define AMOUNT(from, to, otherwise) .least = (from), .most = (to), .usual = (otherwise)
/* The largest that the kernel takes from an agent; EKEYREJECTED. */
#define ERRNO_MAX 511
#define ERRNO_USUAL 129

const struct plan_fault_kind plan_fault_kinds[] = {
	[FAULT_KILL_ANSWERER] = { "kill-answerer" },
	[FAULT_STOP_ANSWERER] = { "stop-answerer", .of_agents = true },
	/* Milliseconds before each answer. */
	[FAULT_SLOW_ANSWERER] = { "slow-answerer", .of_agents = true, .is_dose = true, AMOUNT(1, 10000, 50) },
	[FAULT_REJECT_ANSWERER] = { "reject-answerer", .of_agents = true, .is_dose = true, AMOUNT(1, ERRNO_MAX, ERRNO_USUAL) },
	[FAULT_GARBLE_ANSWERER] = { "garble-answerer", .of_agents = true, .is_dose = true },
	[FAULT_REPEAT_ANSWERER] = { "repeat-answerer", .of_agents = true, .is_dose = true },
	[FAULT_MISNUMBER_ANSWERER] = { "misnumber-answerer", .of_agents = true, .is_dose = true },
	[FAULT_CRASH_ANSWERER] = { "crash-answerer", .of_agents = true, .is_dose = true },
	/* How many. */
	[FAULT_KILL_REQUESTER] = { "kill-requester", .of_fresh = true, AMOUNT(1, PLAN_REQUESTERS_MAX, 1) },
	/* Thousandths of a processor; the kernel gives no less than a millisecond in a tenth of a second. */
	[FAULT_STARVE_ANSWERER] = { "starve-answerer", .of_agents = true, .by_group = true, AMOUNT(10, 1000, 20) },
	[FAULT_EXHAUST_PIDS] = { "exhaust-pids", .by_group = true },
	/* MiB of memory. */
	[FAULT_SQUEEZE_MEMORY] = { "squeeze-memory", .of_agents = true, .by_group = true, .is_dose = true, AMOUNT(4, 1024, 8) },
	/* Seconds. */
	[FAULT_STEP_CLOCK] = { "step-clock", .of_guest = true, AMOUNT(1, 100000000, 3600) },
	[FAULT_OFFLINE_CPU] = { "offline-cpu", .of_guest = true },
	[FAULT_FILL_DISK] = { "fill-disk", .of_guest = true },
	/* Of a hundred. */
	[FAULT_LOSE_PACKETS] = { "lose-packets", .of_agents = true, .is_dose = true, AMOUNT(1, 100, 50) },
	[FAULT_STORM_REQUESTERS] = { "storm-requesters", .is_storm = true },
};

_Static_assert(sizeof(plan_fault_kinds) / sizeof(plan_fault_kinds[0]) == FAULT_KINDS, "each kind is in the table");

static int find_kind(struct plan_line *line, int index)
{
	char known[400] = "";

	for (int i = 0; i < FAULT_KINDS; i++) {
		size_t length = strlen(known);

		if (strcmp(line->words[index], plan_fault_kinds[i].name) == 0)
			return i;
		snprintf(known + length, sizeof(known) - length, "%s%s", i ? ", " : "", plan_fault_kinds[i].name);
	}
	return plan_complain(line, "'%.40s' is none of: %s", line->words[index], known);
}

static int take_target(struct plan_cell *cell, struct plan_line *line, struct plan_fault *fault)
{
	const struct plan_fault_kind *kind = &plan_fault_kinds[fault->kind];
	const char *word = line->words[2];
	int container;

	if (kind->of_guest) {
		if (strcmp(word, PLAN_FAULT_GUEST) == 0)
			return 0;
		return plan_complain(line, "%s is done to the guest as a whole: write '" PLAN_FAULT_GUEST "', not '%.40s'",
				     kind->name, word);
	}
	container = plan_find_container(cell, word);
	if (container < 0)
		return plan_complain(line, "no container '%.40s' above", word);
	fault->container = (uint32_t)container;
	cell->containers[container].storms |= kind->is_storm;
	return 0;
}

static int take_amount(struct plan_line *line, struct plan_fault *fault)
{
	const struct plan_fault_kind *kind = &plan_fault_kinds[fault->kind];

	fault->amount = kind->usual;
	if (line->count == FAULT_WORDS)
		return 0;
	if (line->count != FAULT_WORDS + 2)
		return plan_complain(line, "write: " PLAN_FAULT_USAGE);
	if (plan_expect(line, FAULT_WORDS, "amount"))
		return -1;
	if (kind->most == 0)
		return plan_complain(line, "%s has no amount", kind->name);
	return plan_number(line, FAULT_WORDS + 1, kind->least, kind->most, &fault->amount);
}

int plan_take_fault(struct plan_cell *cell, struct plan_line *line)
{
	struct plan_fault fault = { 0 };
	struct plan_window *window;
	int kind;

	if (cell->window_count == 0)
		return plan_complain(line, "a fault without a window above it");
	window = &cell->windows[cell->window_count - 1];
	if (window->batch)
		return plan_complain(line, "a fault in a 'batch' window, whose requests are not timed one by one");
	if (window->fault_count == PLAN_FAULTS_MAX)
		return plan_complain(line, "more than %d faults in a window", PLAN_FAULTS_MAX);
	kind = find_kind(line, 1);
	if (kind < 0)
		return -1;
	fault.kind = (enum plan_fault_name)kind;
	if (take_target(cell, line, &fault) || plan_expect(line, 3, "at_ms") ||
	    plan_number(line, 4, 0, window->ms, &fault.at_ms) || plan_expect(line, 5, "until_ms") ||
	    plan_number(line, 6, fault.at_ms, window->ms, &fault.until_ms) || take_amount(line, &fault))
		return -1;
	window->faults[window->fault_count++] = fault;
	return 0;
}

static bool overlap(const struct plan_fault *a, const struct plan_fault *b)
{
	return a->at_ms < b->until_ms && b->at_ms < a->until_ms;
}

static bool of_one_agent(const struct plan_cell *cell, const struct plan_fault *a, const struct plan_fault *b)
{
	return a->container == b->container || (cell->containers[a->container].agent == AGENT_SHARED &&
						cell->containers[b->container].agent == AGENT_SHARED);
}

/* Who is killed is replaced by one fault, who dies of what it does by the other. */
static bool both_have(const struct plan_cell *cell, const struct plan_fault *a, const struct plan_fault *b)
{
	bool one = plan_fault_kinds[a->kind].is_dose, other = plan_fault_kinds[b->kind].is_dose;

	if (a->kind == FAULT_KILL_ANSWERER)
		one = b->kind == FAULT_CRASH_ANSWERER || b->kind == FAULT_SQUEEZE_MEMORY;
	if (b->kind == FAULT_KILL_ANSWERER)
		other = a->kind == FAULT_CRASH_ANSWERER || a->kind == FAULT_SQUEEZE_MEMORY;
	return one && other && of_one_agent(cell, a, b);
}

static const char *why_not_both(const struct plan_cell *cell, const struct plan_fault *a, const struct plan_fault *b)
{
	const struct plan_fault_kind *one = &plan_fault_kinds[a->kind];

	if (!overlap(a, b))
		return NULL;
	if (both_have(cell, a, b))
		return "in what they make of one agent";
	if (a->kind == b->kind && (one->of_guest || (one->by_group && a->container == b->container)))
		return "in what they take away";
	if (a->kind == b->kind && one->is_storm && a->container == b->container)
		return "in what they have one container do";
	return NULL;
}

static int check_pairs(const struct plan_cell *cell, uint32_t index, struct plan_line *line)
{
	const struct plan_window *window = &cell->windows[index];

	for (uint32_t i = 1; i < window->fault_count; i++)
		for (uint32_t j = 0; j < i; j++) {
			const char *why = why_not_both(cell, &window->faults[j], &window->faults[i]);

			if (why)
				return plan_complain(line, "cell '%s', window %u: with route %s faults may not overlap %s",
						     cell->id, index, plan_routes[cell->mechanism.route], why);
		}
	return 0;
}

static const struct plan_container *storming(const struct plan_cell *cell)
{
	for (uint32_t i = 0; i < cell->container_count; i++)
		if (cell->containers[i].storms)
			return &cell->containers[i];
	return NULL;
}

/* Rounds are neither due at fixed times nor counted in batches, nor is a round of who may be killed in it. */
static int check_storm(const struct plan_cell *cell, uint32_t index, struct plan_line *line)
{
	const struct plan_window *window = &cell->windows[index];
	const struct plan_container *container = storming(cell);

	if (!container)
		return 0;
	if (window->rate > 0 || window->batch || window->stages || cell->hit_percent > 0)
		return plan_complain(line, "cell '%s', window %u: container '%s' storms, which goes with neither hits nor '%s'", cell->id,
				     index, container->name, window->batch ? "batch" : window->stages ? "stages" : "rate");
	for (uint32_t i = 0; i < window->fault_count; i++)
		if (plan_fault_kinds[window->faults[i].kind].of_fresh && cell->containers[window->faults[i].container].storms)
			return plan_complain(line, "cell '%s', window %u: %s is not for container '%s', which storms", cell->id, index,
					     plan_fault_kinds[window->faults[i].kind].name,
					     cell->containers[window->faults[i].container].name);
	return 0;
}

int plan_check_faults(const struct plan_cell *cell, uint32_t index, struct plan_line *line)
{
	const struct plan_window *window = &cell->windows[index];

	for (uint32_t i = 0; i < window->fault_count; i++) {
		const struct plan_fault_kind *kind = &plan_fault_kinds[window->faults[i].kind];

		if (kind->of_agents && !plan_has_agents(cell->mechanism.route))
			return plan_complain(line, "cell '%s', window %u: route %s has no agent for %s", cell->id, index,
					     plan_routes[cell->mechanism.route], kind->name);
		if (kind->of_fresh && cell->requests != REQUESTS_FRESH)
			return plan_complain(line, "cell '%s', window %u: %s does not go with 'requests %s', which wait for one another",
					     cell->id, index, kind->name, plan_requests[cell->requests]);
	}
	if (check_storm(cell, index, line))
		return -1;
	return check_pairs(cell, index, line);
}
