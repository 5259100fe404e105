// SPDX-License-Identifier: MIT
#include "stage_parts.h"

const char *const stage_part_names[PARTS] = {
	[PART_HELD] = "held",	  [PART_ENTER] = "enter",     [PART_ROUTE] = "route",	  [PART_WAKE] = "wake",
	[PART_SPAWN] = "spawn",	  [PART_ASSUME] = "assume",   [PART_PREPARE] = "prepare", [PART_INSTANTIATE] = "instantiate",
	[PART_RETURN] = "return", [PART_FINISH] = "finish",
};

/* A part is named for the point that it ends with, and two of them also for whether the module had its say before. */
static enum stage_part part_of(const struct stage_points *points, enum stage_point end)
{
	switch (end) {
	case POINT_DUE:
	case POINT_START:
		return PART_HELD;
	case POINT_ENTERED:
		return PART_ENTER;
	case POINT_TOLD:
		return PART_ROUTE;
	case POINT_WOKE:
		return points->at[POINT_TOLD] ? PART_WAKE : PART_SPAWN;
	case POINT_ASSUMED:
		return PART_ASSUME;
	case POINT_ANSWERING:
		return PART_PREPARE;
	case POINT_OVER:
		return PART_INSTANTIATE;
	case POINT_END:
	case POINTS:
		break;
	}
	return points->at[POINT_OVER] ? PART_RETURN : PART_FINISH;
}

bool stage_parts_of(const struct stage_points *points, struct stage_parts *parts)
{
	uint64_t last = 0;

	*parts = (struct stage_parts){ 0 };
	if (!points->at[POINT_START] || !points->at[POINT_END])
		return false;
	for (int point = 0; point < POINTS; point++) {
		enum stage_part part = part_of(points, (enum stage_point)point);

		if (!points->at[point])
			continue;
		if (points->at[point] < last) {
			*parts = (struct stage_parts){ 0 };
			return false;
		}
		if (last > 0) {
			parts->has[part] = true;
			parts->ns[part] = points->at[point] - last;
		}
		last = points->at[point];
	}
	return true;
}
