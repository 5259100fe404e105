// SPDX-License-Identifier: MIT
#include "plan_cell.h"

#include <stdlib.h>
#include <string.h>

#include "../common/answer.h"
#include "plan_check.h"
#include "plan_window.h"

#define TIMEOUT_MS_MAX 3600000
#define BACKOFF_US_MAX 10000000
#define WARMUP_MAX 1000000
/* With 100 nothing would be asked of an answerer. */
#define HIT_PERCENT_MAX 99
#define CONTAINER_UID_MAX 65534

const char *const plan_routes[] = { "init", "session", "null", NULL };
const char *const plan_deliveries[] = { "helper", "signal", "fd-write", "none", NULL };
const char *const plan_helpers[] = { "keyutils", "minimal", NULL };
const char *const plan_fallbacks[] = { "stock", "refuse", NULL };
const char *const plan_agents[] = { "none", "own", "shared", NULL };
const char *const plan_requests[] = { "fresh", "storm-distinct", "storm-one", NULL };

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
	for (int i = 1; i < line->count; i++)
		if (plan_number(line, i, KS_ANSWER_MIN, KS_ANSWER_MAX, &cell->payload_bytes[cell->payload_count++]))
			return -1;
	return 0;
}

static int take_requests(struct plan_cell *cell, struct plan_line *line)
{
	int word = plan_choice(line, 1, plan_requests);

	cell->requests = (enum plan_requests)word;
	if (word < 0 || plan_expect(line, 2, "hit_percent"))
		return -1;
	return plan_number(line, 3, 0, HIT_PERCENT_MAX, &cell->hit_percent);
}

static int take_warmup(struct plan_cell *cell, struct plan_line *line)
{
	if (cell->window_count > 0)
		return plan_complain(line, "'warmup' comes before the first window");
	return plan_number(line, 1, 0, WARMUP_MAX, &cell->warmup);
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
	if (plan_name(line, 1, container.name) || plan_expect(line, 2, "requesters") ||
	    plan_number(line, 3, 1, PLAN_REQUESTERS_MAX, &container.requesters) || plan_expect(line, 4, "agent"))
		return -1;
	agent = plan_choice(line, 5, plan_agents);
	if (agent < 0 || plan_expect(line, 6, "agent_uid") ||
	    plan_number(line, 7, 0, CONTAINER_UID_MAX, &container.agent_uid) || plan_expect(line, 8, "requester_uid") ||
	    plan_number(line, 9, 0, CONTAINER_UID_MAX, &container.requester_uid) || plan_expect(line, 10, "setuid") ||
	    plan_number(line, 11, 0, 1, &setuid))
		return -1;
	if (plan_find_container(cell, container.name) >= 0)
		return plan_complain(line, "a second container '%s'", container.name);
	container.agent = (enum plan_agent)agent;
	container.setuid = setuid;
	cell->containers[cell->container_count++] = container;
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
	{ "payload_bytes", 2, PLAN_PAYLOADS_MAX - 1, true, true, "payload_bytes N … (1 to 8 sizes)", take_payload },
	{ "requests", 4, 0, true, false, "requests fresh|storm-distinct|storm-one hit_percent P", take_requests },
	{ "container", 12, 0, false, true,
	  "container NAME requesters N agent own|shared|none agent_uid U requester_uid U setuid 0|1", take_container },
	{ "warmup", 2, 0, true, false, "warmup N", take_warmup },
	{ "window", 3, 4, false, true, PLAN_WINDOW_USAGE, plan_take_window },
	{ "fault", 7, 0, false, false, PLAN_FAULT_USAGE, plan_take_fault },
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

int plan_cell_end(struct plan_cell *cell, struct plan_line *line)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		if (statements[i].needed && !(cell->given & (1u << i)))
			return plan_complain(line, "cell '%s' has no '%s'", cell->id, statements[i].word);
	return plan_check(cell, line);
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
