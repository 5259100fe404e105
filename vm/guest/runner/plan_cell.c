// SPDX-License-Identifier: MIT
#include "plan_cell.h"

#include <stdlib.h>
#include <string.h>

#include "../common/answer.h"

#define TIMEOUT_MS_MAX 3600000
#define BACKOFF_US_MAX 10000000
#define WARMUP_MAX 1000000
#define CONTAINER_UID_MAX 65534

const char *const plan_routes[] = { "init", "session", "null", NULL };
const char *const plan_deliveries[] = { "helper", "signal", "fd-write", "none", NULL };
const char *const plan_helpers[] = { "keyutils", "minimal", NULL };
const char *const plan_fallbacks[] = { "stock", "refuse", NULL };
static const char *const agents[] = { "none", "own", NULL };
static const char *const faults[] = { "kill-answerer", NULL };
static const char *const samples[] = { "samples", NULL };

static int take_mechanism(struct plan_cell *cell, struct plan_line *line)
{
	return plan_name(line, 1, cell->mechanism);
}

static int take_route(struct plan_cell *cell, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_routes);

	cell->route = (enum plan_route)word;
	return word < 0 ? -1 : 0;
}

static int take_delivery(struct plan_cell *cell, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_deliveries);

	cell->delivery = (enum plan_delivery)word;
	return word < 0 ? -1 : 0;
}

static int take_helper(struct plan_cell *cell, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_helpers);

	cell->helper = (enum plan_helper)word;
	return word < 0 ? -1 : 0;
}

static int take_fallback(struct plan_cell *cell, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_fallbacks);

	cell->fallback = (enum plan_fallback)word;
	return word < 0 ? -1 : 0;
}

static int take_timeout(struct plan_cell *cell, struct plan_line *line)
{
	return plan_number(line, 1, 1, TIMEOUT_MS_MAX, &cell->timeout_ms);
}

static int take_deadline(struct plan_cell *cell, struct plan_line *line)
{
	return plan_number(line, 1, 1, TIMEOUT_MS_MAX, &cell->deadline_ms);
}

static int take_backoff(struct plan_cell *cell, struct plan_line *line)
{
	return plan_number(line, 1, 0, BACKOFF_US_MAX, &cell->backoff_us);
}

static int take_payload(struct plan_cell *cell, struct plan_line *line)
{
	return plan_number(line, 1, KS_ANSWER_MIN, KS_ANSWER_MAX, &cell->payload_bytes);
}

static int take_warmup(struct plan_cell *cell, struct plan_line *line)
{
	if (cell->window_count > 0)
		return plan_complain(line, "'warmup' comes before the first window");
	return plan_number(line, 1, 0, WARMUP_MAX, &cell->warmup);
}

static int find_container(const struct plan_cell *cell, const char *name)
{
	for (uint32_t i = 0; i < cell->container_count; i++)
		if (strcmp(cell->containers[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int expect_word(struct plan_line *line, int index, const char *word)
{
	if (strcmp(line->words[index], word) == 0)
		return 0;
	return plan_complain(line, "'%.40s' stands where '%s' belongs", line->words[index], word);
}

static int take_container(struct plan_cell *cell, struct plan_line *line)
{
	struct plan_container container = { 0 };
	uint32_t setuid;
	int agent;

	if (cell->window_count > 0)
		return plan_complain(line, "'container' comes before the first window");
	if (cell->container_count == PLAN_CONTAINERS_MAX)
		return plan_complain(line, "more than %d containers", PLAN_CONTAINERS_MAX);
	if (plan_name(line, 1, container.name) || expect_word(line, 2, "requesters") ||
	    plan_number(line, 3, 1, PLAN_REQUESTERS_MAX, &container.requesters) || expect_word(line, 4, "agent"))
		return -1;
	agent = plan_choice(line, 5, agents);
	if (agent < 0 || expect_word(line, 6, "agent_uid") ||
	    plan_number(line, 7, 0, CONTAINER_UID_MAX, &container.agent_uid) || expect_word(line, 8, "requester_uid") ||
	    plan_number(line, 9, 0, CONTAINER_UID_MAX, &container.requester_uid) || expect_word(line, 10, "setuid") ||
	    plan_number(line, 11, 0, 1, &setuid))
		return -1;
	if (find_container(cell, container.name) >= 0)
		return plan_complain(line, "a second container '%s'", container.name);
	container.agent = agent == 1;
	container.setuid = setuid;
	cell->containers[cell->container_count++] = container;
	return 0;
}

static int take_window(struct plan_cell *cell, struct plan_line *line)
{
	struct plan_window *window = &cell->windows[cell->window_count];

	if (cell->container_count == 0)
		return plan_complain(line, "a window without a container above it");
	if (cell->window_count == PLAN_WINDOWS_MAX)
		return plan_complain(line, "more than %d windows", PLAN_WINDOWS_MAX);
	if (plan_number(line, 1, 1, PLAN_WINDOW_MS_MAX, &window->ms) ||
	    plan_number(line, 2, 1, PLAN_REQUESTS_MAX, &window->requests))
		return -1;
	if (line->count == 4) {
		if (plan_choice(line, 3, samples) < 0)
			return -1;
		window->samples = true;
	}
	cell->window_count++;
	return 0;
}

static int take_fault(struct plan_cell *cell, struct plan_line *line)
{
	struct plan_fault fault = { 0 };
	struct plan_window *window;
	int container;

	if (cell->window_count == 0)
		return plan_complain(line, "a fault without a window above it");
	window = &cell->windows[cell->window_count - 1];
	if (window->fault_count == PLAN_FAULTS_MAX)
		return plan_complain(line, "more than %d faults in a window", PLAN_FAULTS_MAX);
	if (plan_choice(line, 1, faults) < 0)
		return -1;
	container = find_container(cell, line->words[2]);
	if (container < 0)
		return plan_complain(line, "no container '%.40s' above", line->words[2]);
	fault.container = (uint32_t)container;
	if (expect_word(line, 3, "at_ms") || plan_number(line, 4, 0, window->ms, &fault.at_ms) ||
	    expect_word(line, 5, "until_ms") || plan_number(line, 6, fault.at_ms, window->ms, &fault.until_ms))
		return -1;
	window->faults[window->fault_count++] = fault;
	return 0;
}

/* `words` with the statement's own; `more` may follow. `needed`: without it the cell is incomplete. */
static const struct statement {
	const char *word;
	int words;
	int more;
	bool once;
	bool needed;
	const char *usage;
	int (*take)(struct plan_cell *cell, struct plan_line *line);
} statements[] = {
	{ "mechanism", 2, 0, true, true, "mechanism NAME", take_mechanism },
	{ "route", 2, 0, true, true, "route init|session|null", take_route },
	{ "delivery", 2, 0, true, true, "delivery helper|signal|fd-write|none", take_delivery },
	{ "helper", 2, 0, true, false, "helper keyutils|minimal", take_helper },
	{ "fallback", 2, 0, true, true, "fallback stock|refuse", take_fallback },
	{ "timeout_ms", 2, 0, true, true, "timeout_ms N", take_timeout },
	{ "deadline_ms", 2, 0, true, true, "deadline_ms N", take_deadline },
	{ "backoff_us", 2, 0, true, true, "backoff_us N", take_backoff },
	{ "payload_bytes", 2, 0, true, true, "payload_bytes N", take_payload },
	{ "container", 12, 0, false, true,
	  "container NAME requesters N agent own|none agent_uid U requester_uid U setuid 0|1", take_container },
	{ "warmup", 2, 0, true, false, "warmup N", take_warmup },
	{ "window", 3, 1, false, true, "window MS N [samples]", take_window },
	{ "fault", 7, 0, false, false, "fault kill-answerer CONTAINER at_ms A until_ms U", take_fault },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

int plan_cell_line(struct plan_cell *cell, struct plan_line *line)
{
	for (size_t i = 0; i < STATEMENTS; i++) {
		const struct statement *s = &statements[i];

		if (strcmp(line->words[0], s->word) != 0)
			continue;
		if (line->count < s->words || line->count > s->words + s->more)
			return plan_complain(line, "write: %s", s->usage);
		if (s->once && cell->given & (1u << i))
			return plan_complain(line, "'%s' is given twice in cell '%s'", s->word, cell->id);
		cell->given |= 1u << i;
		return s->take(cell, line);
	}
	return plan_complain(line, "unknown statement '%.40s' in cell '%s'", line->words[0], cell->id);
}

/* Which deliveries a route can have: the answerer of one is never told in the way of another. */
static bool goes_together(enum plan_route route, enum plan_delivery delivery)
{
	switch (route) {
	case ROUTE_INIT:
		return delivery == DELIVERY_HELPER;
	case ROUTE_SESSION:
		return delivery == DELIVERY_SIGNAL || delivery == DELIVERY_FD_WRITE;
	case ROUTE_NULL:
		return delivery == DELIVERY_NONE;
	}
	return false;
}

int plan_cell_check(struct plan_cell *cell, struct plan_line *line)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		if (statements[i].needed && !(cell->given & (1u << i)))
			return plan_complain(line, "cell '%s' has no '%s'", cell->id, statements[i].word);
	if (!goes_together(cell->route, cell->delivery))
		return plan_complain(line, "cell '%s': route %s has no delivery %s", cell->id, plan_routes[cell->route],
				     plan_deliveries[cell->delivery]);
	for (uint32_t i = 0; i < cell->container_count; i++)
		if (cell->containers[i].agent && cell->route != ROUTE_SESSION)
			return plan_complain(line, "cell '%s': container '%s' has an agent of its own, which only route session asks",
					     cell->id, cell->containers[i].name);
	return 0;
}

struct plan_cell *plan_cell_new(const char *id)
{
	struct plan_cell *cell = calloc(1, sizeof(*cell));

	if (!cell)
		return NULL;
	strncpy(cell->id, id, PLAN_NAME_MAX);
	cell->containers = calloc(PLAN_CONTAINERS_MAX, sizeof(*cell->containers));
	cell->windows = calloc(PLAN_WINDOWS_MAX, sizeof(*cell->windows));
	if (cell->containers && cell->windows)
		return cell;
	plan_cell_free(cell);
	return NULL;
}

void plan_cell_free(struct plan_cell *cell)
{
	free(cell->containers);
	free(cell->windows);
	free(cell);
}
