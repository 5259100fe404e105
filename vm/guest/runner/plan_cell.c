// SPDX-License-Identifier: MIT
#include "plan_cell.h"

#include <stdlib.h>
#include <string.h>

#include "../common/answer.h"
#include "plan_block.h"
#include "plan_check.h"
#include "plan_fault.h"
#include "plan_mechanism.h"
#include "plan_window.h"

#define BACKOFF_US_MAX 10000000
#define WARMUP_MAX 1000000
#define AGENT_DELAY_NS_MAX 100000000
#define PATH_INSTRUCTIONS_MAX 10000000
/* With 100 nothing would be asked of an answerer. */
#define HIT_PERCENT_MAX 99
#define CONTAINER_UID_MAX 65534
#define CONTAINER_WORDS 12
#define CONTAINER_USAGE \
	"container NAME requesters N agent own|shared|none agent_uid U requester_uid U setuid 0|1 [depth D]"

const char *const plan_agents[] = { "none", "own", "shared", NULL };
const char *const plan_requests[] = { "fresh", "storm-distinct", "storm-one", NULL };

static int take_deadline(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	return plan_number(line, 1, 1, PLAN_TIMEOUT_MS_MAX, &cell->deadline_ms);
}

static int take_backoff(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	return plan_number(line, 1, 0, BACKOFF_US_MAX, &cell->backoff_us);
}

static int take_agent_delay(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	return plan_number(line, 1, 0, AGENT_DELAY_NS_MAX, &cell->agent_delay_ns);
}

static int take_path_instructions(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	return plan_number(line, 1, 0, PATH_INSTRUCTIONS_MAX, &cell->path_instructions);
}

static int take_payload(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	for (int i = 1; i < line->count; i++)
		if (plan_number(line, i, KS_ANSWER_MIN, KS_ANSWER_MAX, &cell->payload_bytes[cell->payload_count++]))
			return -1;
	return 0;
}

static int take_requests(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;
	int word = plan_choice(line, 1, plan_requests);

	cell->requests = (enum plan_requests)word;
	if (word < 0 || plan_expect(line, 2, "hit_percent"))
		return -1;
	return plan_number(line, 3, 0, HIT_PERCENT_MAX, &cell->hit_percent);
}

static int take_warmup(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	if (cell->window_count > 0)
		return plan_complain(line, "'warmup' comes before the first window");
	return plan_number(line, 1, 0, WARMUP_MAX, &cell->warmup);
}

static int take_depth(struct plan_line *line, uint32_t *depth)
{
	if (line->count == CONTAINER_WORDS)
		return 0;
	if (line->count != CONTAINER_WORDS + 2)
		return plan_complain(line, "write: " CONTAINER_USAGE);
	return plan_expect(line, CONTAINER_WORDS, "depth") ||
			       plan_number(line, CONTAINER_WORDS + 1, 0, PLAN_DEPTH_MAX, depth)
		       ? -1
		       : 0;
}

static int take_container(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;
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
	    plan_number(line, 11, 0, 1, &setuid) || take_depth(line, &container.depth))
		return -1;
	/* A setuid program gains nothing where its file's owner is not mapped. */
	if (container.depth > 0 && setuid)
		return plan_complain(line, "'depth' goes not with 'setuid 1'");
	if (plan_find_container(cell, container.name) >= 0)
		return plan_complain(line, "a second container '%s'", container.name);
	container.agent = (enum plan_agent)agent;
	container.setuid = setuid;
	cell->containers[cell->container_count++] = container;
	return 0;
}

static int take_window(void *block, struct plan_line *line)
{
	return plan_take_window(block, line);
}

static int take_hold(void *block, struct plan_line *line)
{
	struct plan_cell *cell = block;

	if (cell->container_count == 0)
		return plan_complain(line, "'hold' without a container above it");
	cell->hold = true;
	return 0;
}

static int take_fault(void *block, struct plan_line *line)
{
	return plan_take_fault(block, line);
}

static const struct plan_statement statements[] = {
	{ "deadline_ms", 2, 0, true, true, "deadline_ms N", take_deadline },
	{ "backoff_us", 2, 0, true, true, "backoff_us N", take_backoff },
	{ "agent_delay_ns", 2, 0, true, false, "agent_delay_ns N", take_agent_delay },
	{ "path_instructions", 2, 0, true, false, "path_instructions N", take_path_instructions },
	{ "payload_bytes", 2, PLAN_PAYLOADS_MAX - 1, true, true, "payload_bytes N … (1 to 8 sizes)", take_payload },
	{ "requests", 4, 0, true, false, "requests fresh|storm-distinct|storm-one hit_percent P", take_requests },
	{ "container", CONTAINER_WORDS, 2, false, true, CONTAINER_USAGE, take_container },
	{ "warmup", 2, 0, true, false, "warmup N", take_warmup },
	{ "window", 3, 5, false, false, PLAN_WINDOW_USAGE, take_window },
	{ "hold", 1, 0, true, false, "hold", take_hold },
	{ "fault", 7, 2, false, false, PLAN_FAULT_USAGE, take_fault },
	{ NULL, 0, 0, false, false, NULL, NULL },
};

static struct plan_block block_of(struct plan_cell *cell)
{
	return (struct plan_block){ "cell", cell->id, statements, &cell->given, cell };
}

int plan_cell_line(struct plan_cell *cell, struct plan_line *line)
{
	const struct plan_block blocks[] = { plan_mechanism_block("cell", cell->id, &cell->mechanism), block_of(cell) };

	return plan_block_line(blocks, 2, line);
}

int plan_cell_end(struct plan_cell *cell, struct plan_line *line)
{
	const struct plan_block blocks[] = { plan_mechanism_block("cell", cell->id, &cell->mechanism), block_of(cell) };

	if (plan_block_end(blocks, 2, line))
		return -1;
	if (cell->hold == (cell->window_count > 0))
		return plan_complain(line, cell->hold ? "cell '%s' has a 'window', which goes not with 'hold'" :
							"cell '%s' has no 'window'", cell->id);
	if (plan_mechanism_check("cell", cell->id, &cell->mechanism, line))
		return -1;
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
