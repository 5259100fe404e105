// SPDX-License-Identifier: MIT
#include "plan_window.h"

#include <string.h>

int plan_find_container(const struct plan_cell *cell, const char *name)
{
	for (uint32_t i = 0; i < cell->container_count; i++)
		if (strcmp(cell->containers[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* The word after the ones taken so far, if it is this one. */
static bool take_word(const struct plan_line *line, int *at, const char *word)
{
	if (*at >= line->count || strcmp(line->words[*at], word) != 0)
		return false;
	(*at)++;
	return true;
}

/* What follows the numbers, in the order of the usage. */
static int take_manner(struct plan_window *window, struct plan_line *line)
{
	int at = 3;

	window->samples = take_word(line, &at, "samples");
	window->batch = take_word(line, &at, "batch");
	window->stages = take_word(line, &at, "stages");
	if (take_word(line, &at, "rate")) {
		if (at == line->count)
			return plan_complain(line, "write: " PLAN_WINDOW_USAGE);
		if (plan_number(line, at++, 1, PLAN_RATE_MAX, &window->rate))
			return -1;
	}
	if (at < line->count)
		return plan_complain(line, "'%.40s' is unknown or out of place; write: " PLAN_WINDOW_USAGE, line->words[at]);
	if (window->batch && (window->samples || window->stages || window->rate > 0))
		return plan_complain(line, "'batch' goes with neither 'samples', 'stages' nor 'rate': its requests are not timed one by one");
	return 0;
}

int plan_take_window(struct plan_cell *cell, struct plan_line *line)
{
	struct plan_window *window = &cell->windows[cell->window_count];

	if (cell->container_count == 0)
		return plan_complain(line, "a window without a container above it");
	if (cell->window_count == PLAN_WINDOWS_MAX)
		return plan_complain(line, "more than %d windows", PLAN_WINDOWS_MAX);
	if (plan_number(line, 1, 1, PLAN_WINDOW_MS_MAX, &window->ms) ||
	    plan_number(line, 2, 1, PLAN_REQUESTS_MAX, &window->requests) || take_manner(window, line))
		return -1;
	cell->window_count++;
	return 0;
}
