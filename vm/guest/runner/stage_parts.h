/* SPDX-License-Identifier: MIT */
/* The points of one upcall, and the parts between them. */
#ifndef KS_STAGE_PARTS_H
#define KS_STAGE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

/** In the order in which they come. */
enum stage_point {
	POINT_DUE,	/* when latency begins in open loop */
	POINT_START,
	POINT_ENTERED,
	POINT_TOLD,
	POINT_WOKE,
	POINT_ASSUMED,
	POINT_ANSWERING,
	POINT_OVER,
	POINT_END,
	POINTS,
};

/** CLOCK_MONOTONIC ns each; 0: this request has no such point. */
struct stage_points {
	uint64_t at[POINTS];
};

enum stage_part {
	PART_HELD,
	PART_ENTER,
	PART_ROUTE,
	PART_WAKE,
	PART_SPAWN,
	PART_ASSUME,
	PART_PREPARE,
	PART_INSTANTIATE,
	PART_RETURN,
	PART_FINISH,
	PARTS,
};

/** Their names, in the order of the enum. */
extern const char *const stage_part_names[PARTS];

/** How long each part took; has[i]: there is such a part. Their sum is the latency. */
struct stage_parts {
	uint64_t ns[PARTS];
	bool has[PARTS];
};

/** Takes a request apart. False: its points are out of order, or it has no start or end. */
bool stage_parts_of(const struct stage_points *points, struct stage_parts *parts);

#endif
