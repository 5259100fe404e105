// SPDX-License-Identifier: MIT
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_cell.h"
#include "plan_checks.h"
#include "plan_words.h"

#define BOOT_MAX 1000000
#define ITERATIONS_MAX 10000000
#define VERSION_WORD "keystorm-plan"

const char *const plan_floors[] = { "syscall", "add_key", "eventfd", "vfork_exec", NULL };

static int add_step(struct plan *plan, struct plan_line *line, struct plan_step step)
{
	if (plan->step_count == PLAN_STEPS_MAX)
		return plan_complain(line, "more than %d floors, cells and blocks of checks", PLAN_STEPS_MAX);
	plan->steps[plan->step_count++] = step;
	return 0;
}

static int take_version(struct plan_line *line)
{
	uint32_t version;

	if (line->count != 2 || strcmp(line->words[0], VERSION_WORD) != 0)
		return plan_complain(line, "the first line is not '" VERSION_WORD " %d'", PLAN_VERSION);
	return plan_number(line, 1, PLAN_VERSION, PLAN_VERSION, &version);
}

static int take_boot(struct plan *plan, struct plan_line *line)
{
	if (line->count != 2)
		return plan_complain(line, "write: boot N");
	if (plan->boot_given)
		return plan_complain(line, "'boot' is given twice");
	plan->boot_given = true;
	return plan_number(line, 1, 0, BOOT_MAX, &plan->boot);
}

static int take_floor(struct plan *plan, struct plan_line *line)
{
	struct plan_step step = { 0 };
	int floor;

	if (line->count != 3)
		return plan_complain(line, "write: floor NAME N");
	floor = plan_choice(line, 1, plan_floors);
	if (floor < 0 || plan_number(line, 2, 1, ITERATIONS_MAX, &step.iterations))
		return -1;
	step.floor = (enum plan_floor)floor;
	return add_step(plan, line, step);
}

/* The block that is being read: a cell or checks. */
struct open_block {
	struct plan_cell *cell;
	struct plan_checks *checks;
};

/* The frames of cells and of checks are told apart by their ids. */
static int take_id(const struct plan *plan, struct plan_line *line, char id[PLAN_NAME_MAX + 1])
{
	if (line->count != 2)
		return plan_complain(line, "write: %s ID", line->words[0]);
	if (plan_name(line, 1, id))
		return -1;
	for (uint32_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *step = &plan->steps[i];
		const char *other = step->cell ? step->cell->id : step->checks ? step->checks->id : NULL;

		if (other && strcmp(other, id) == 0)
			return plan_complain(line, "a second cell or block of checks '%s'", id);
	}
	return 0;
}

static int open_cell(struct plan *plan, struct plan_line *line, struct open_block *open)
{
	struct plan_step step = { 0 };
	char id[PLAN_NAME_MAX + 1];

	if (take_id(plan, line, id))
		return -1;
	step.cell = plan_cell_new(id);
	if (!step.cell)
		return plan_complain(line, "out of memory for a cell");
	if (add_step(plan, line, step)) {
		plan_cell_free(step.cell);
		return -1;
	}
	open->cell = step.cell;
	return 0;
}

static int open_checks(struct plan *plan, struct plan_line *line, struct open_block *open)
{
	struct plan_step step = { 0 };
	char id[PLAN_NAME_MAX + 1];

	if (take_id(plan, line, id))
		return -1;
	step.checks = plan_checks_new(id);
	if (!step.checks)
		return plan_complain(line, "out of memory for checks");
	if (add_step(plan, line, step)) {
		free(step.checks);
		return -1;
	}
	open->checks = step.checks;
	return 0;
}

static int take_line_inside(struct plan_line *line, struct open_block *open)
{
	if (strcmp(line->words[0], "end") != 0)
		return open->cell ? plan_cell_line(open->cell, line) : plan_checks_line(open->checks, line);
	if (line->count != 1)
		return plan_complain(line, "write: end");
	if (open->cell ? plan_cell_end(open->cell, line) : plan_checks_end(open->checks, line))
		return -1;
	*open = (struct open_block){ 0 };
	return 0;
}

static int take_run(struct plan *plan, struct plan_line *line)
{
	if (line->count != 1)
		return plan_complain(line, "write: run");
	if (!plan->boot_given)
		return plan_complain(line, "the plan has no 'boot'");
	if (plan->step_count == 0)
		return plan_complain(line, "the plan has neither a floor nor a cell nor checks");
	plan->complete = true;
	return 0;
}

static int take_line(struct plan *plan, struct plan_line *line, struct open_block *open)
{
	if (plan->complete)
		return plan_complain(line, "nothing may follow 'run'");
	if (open->cell || open->checks)
		return take_line_inside(line, open);
	if (strcmp(line->words[0], "boot") == 0)
		return take_boot(plan, line);
	if (strcmp(line->words[0], "floor") == 0)
		return take_floor(plan, line);
	if (strcmp(line->words[0], "cell") == 0)
		return open_cell(plan, line, open);
	if (strcmp(line->words[0], "checks") == 0)
		return open_checks(plan, line, open);
	if (strcmp(line->words[0], "run") == 0)
		return take_run(plan, line);
	return plan_complain(line, "unknown statement '%.40s' outside a cell or checks", line->words[0]);
}

static int take_all(char *text, struct plan *plan, struct plan_error *error)
{
	struct plan_line line = { .error = error };
	struct open_block open = { 0 };
	char *rest = text, *next;

	for (error->line = 1; (next = strsep(&rest, "\n")); error->line++) {
		if (!rest && !*next)
			break;
		if (plan_split(next, &line))
			return -1;
		if (error->line == 1 ? take_version(&line) : line.count > 0 && take_line(plan, &line, &open))
			return -1;
	}
	if (!plan->complete)
		return plan_complain(&line, open.cell ? "the plan ends inside a cell"
					       : open.checks ? "the plan ends inside checks"
							     : "the plan ends without 'run'");
	return 0;
}

int plan_parse(const char *text, struct plan *plan, struct plan_error *error)
{
	char *copy = strdup(text);
	int result = -1;

	*plan = (struct plan){ .steps = calloc(PLAN_STEPS_MAX, sizeof(struct plan_step)) };
	*error = (struct plan_error){ .line = 1 };
	if (!copy || !plan->steps)
		snprintf(error->message, sizeof(error->message), "out of memory for the plan");
	else
		result = take_all(copy, plan, error);
	free(copy);
	return result;
}

bool plan_is_whole(const char *text)
{
	while (text) {
		const char *word = text + strspn(text, " \t");

		if (strncmp(word, "run", 3) == 0) {
			const char *after = word + 3 + strspn(word + 3, " \t");

			if (*after == '#')
				after = strchr(after, '\n');
			if (after && *after == '\n')
				return true;
		}
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return false;
}

void plan_free(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->step_count; i++) {
		if (plan->steps[i].cell)
			plan_cell_free(plan->steps[i].cell);
		free(plan->steps[i].checks);
	}
	free(plan->steps);
	plan->steps = NULL;
	plan->step_count = 0;
}
