/* SPDX-License-Identifier: MIT */
#ifndef KS_COUNTERS_H
#define KS_COUNTERS_H

#include <stdint.h>

#include "json.h"

#define COUNTERS_MAX 64
#define COUNTER_NAME_MAX 40

/** The module's counters at one moment. */
struct counters {
	char name[COUNTERS_MAX][COUNTER_NAME_MAX];
	int64_t value[COUNTERS_MAX];
	int count;
};

/** Reads them all. 0, or -1 with a failure. */
int counters_read(struct counters *counters);

/** Adds after − before to a sum, which is empty (count 0) or of the same module. */
void counters_add(struct counters *sum, const struct counters *before, const struct counters *after);

/** Writes {name: after − before} as member `key`. */
void counters_write_delta(struct json *json, const char *key, const struct counters *before, const struct counters *after);

#endif
