// SPDX-License-Identifier: MIT
#include "plan_checks.h"

#include <stdlib.h>
#include <string.h>

#include "plan_block.h"
#include "plan_mechanism.h"

static int take_check(void *target, struct plan_line *line)
{
	struct plan_checks *checks = target;

	if (checks->count == PLAN_CHECKS_MAX)
		return plan_complain(line, "more than %d checks in a block", PLAN_CHECKS_MAX);
	if (plan_name(line, 1, checks->names[checks->count]))
		return -1;
	for (uint32_t i = 0; i < checks->count; i++)
		if (strcmp(checks->names[i], checks->names[checks->count]) == 0)
			return plan_complain(line, "a second check '%s'", checks->names[i]);
	checks->count++;
	return 0;
}

/* Their number stands for `check` having been given. */
static const struct plan_statement statements[] = {
	{ "check", 2, 0, false, true, "check NAME", take_check },
	{ NULL, 0, 0, false, false, NULL, NULL },
};

int plan_checks_line(struct plan_checks *checks, struct plan_line *line)
{
	uint32_t given = 0;
	const struct plan_block blocks[] = {
		plan_mechanism_block("checks", checks->id, &checks->mechanism),
		{ "checks", checks->id, statements, &given, checks },
	};

	return plan_block_line(blocks, 2, line);
}

int plan_checks_end(struct plan_checks *checks, struct plan_line *line)
{
	uint32_t given = checks->count > 0;
	const struct plan_block blocks[] = {
		plan_mechanism_block("checks", checks->id, &checks->mechanism),
		{ "checks", checks->id, statements, &given, checks },
	};

	if (plan_block_end(blocks, 2, line))
		return -1;
	return plan_mechanism_check("checks", checks->id, &checks->mechanism, line);
}

struct plan_checks *plan_checks_new(const char *id)
{
	struct plan_checks *checks = calloc(1, sizeof(*checks));

	if (checks)
		strncpy(checks->id, id, PLAN_NAME_MAX);
	return checks;
}
