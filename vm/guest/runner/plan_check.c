// SPDX-License-Identifier: MIT
#include "plan_check.h"

#include "plan_fault.h"

static int check_agents(const struct plan_cell *cell, struct plan_line *line)
{
	for (uint32_t i = 0; i < cell->container_count; i++)
		if (cell->containers[i].agent != AGENT_NONE && !plan_has_agents(cell->mechanism.route))
			return plan_complain(line, "cell '%s': container '%s' has an agent ('%s'), which route %s never asks",
					     cell->id, cell->containers[i].name, plan_agents[cell->containers[i].agent],
					     plan_routes[cell->mechanism.route]);
	return 0;
}

static int check_window(const struct plan_cell *cell, uint32_t index, struct plan_line *line)
{
	const struct plan_window *window = &cell->windows[index];

	if (cell->requests != REQUESTS_FRESH && (window->rate > 0 || window->batch || window->stages))
		return plan_complain(line, "cell '%s', window %u: 'requests %s' does not go with '%s'", cell->id, index,
				     plan_requests[cell->requests],
				     window->batch ? "batch" : window->stages ? "stages" : "rate");
	if (cell->hit_percent > 0 && window->batch)
		return plan_complain(line, "cell '%s', window %u: hits do not go with 'batch'", cell->id, index);
	return plan_check_faults(cell, index, line);
}

int plan_check(const struct plan_cell *cell, struct plan_line *line)
{
	if (cell->hit_percent > 0 && cell->requests != REQUESTS_FRESH)
		return plan_complain(line, "cell '%s': hits go only with 'requests fresh'", cell->id);
	if (check_agents(cell, line))
		return -1;
	for (uint32_t i = 0; i < cell->window_count; i++)
		if (check_window(cell, i, line))
			return -1;
	return 0;
}
