// SPDX-License-Identifier: MIT
#include "plan_harm.h"

#include <stdio.h>

static bool mechanism_harms(const struct plan_mechanism *mechanism, char *text)
{
	const char *how = NULL;

	if (mechanism->route == ROUTE_NULL)
		how = "answers every request of the machine";
	else if (mechanism->route == ROUTE_SESSION_RFC)
		how = "may leave processes that nobody can end";
	else if (mechanism->helper != HELPER_KEYUTILS)
		how = "puts another helper in the place of the machine's own";
	if (how)
		snprintf(text, PLAN_HARM_TEXT, "mechanism %s %s", mechanism->name, how);
	return how;
}

static bool cell_harms(const struct plan_cell *cell, char *text)
{
	if (mechanism_harms(&cell->mechanism, text))
		return true;
	for (uint32_t i = 0; i < cell->window_count; i++)
		for (uint32_t j = 0; j < cell->windows[i].fault_count; j++) {
			const struct plan_fault_kind *kind = &plan_fault_kinds[cell->windows[i].faults[j].kind];

			if (kind->of_guest) {
				snprintf(text, PLAN_HARM_TEXT, "fault %s in cell '%s' is done to the machine as a whole",
					 kind->name, cell->id);
				return true;
			}
		}
	return false;
}

bool plan_harms(const struct plan *plan, char *text)
{
	for (uint32_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *step = &plan->steps[i];

		if (step->checks) {
			snprintf(text, PLAN_HARM_TEXT, "checks '%s' change settings of the machine as a whole", step->checks->id);
			return true;
		}
		if (step->cell && cell_harms(step->cell, text))
			return true;
	}
	return false;
}
