// SPDX-License-Identifier: MIT
#include "counters.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "files.h"

#define COUNTERS_FOLDER "/sys/class/misc/keystorm/counters"

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int read_one(struct counters *counters, const char *name)
{
	char path[sizeof(COUNTERS_FOLDER) + 1 + 256], text[32], *end;
	int at = counters->count;

	if (at == COUNTERS_MAX || strlen(name) >= COUNTER_NAME_MAX)
		return fail("counters", "the module has more or longer counters than the runner knows (%s)", name);
	snprintf(path, sizeof(path), COUNTERS_FOLDER "/%s", name);
	if (file_read(path, text, sizeof(text)))
		return fail("counters", "cannot read %s: %s", path, strerror(errno));
	counters->value[at] = strtoll(text, &end, 10);
	if (end == text || *end)
		return fail("counters", "%s says '%s', which is not a number", path, text);
	strcpy(counters->name[at], name);
	counters->count++;
	return 0;
}

int counters_read(struct counters *counters)
{
	struct dirent **entries;
	int result = 0, n = scandir(COUNTERS_FOLDER, &entries, visible, by_name);

	counters->count = 0;
	if (n < 0)
		return fail("counters", "cannot list " COUNTERS_FOLDER ": %s", strerror(errno));
	for (int i = 0; i < n; i++) {
		if (!result)
			result = read_one(counters, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return result;
}

void counters_add(struct counters *sum, const struct counters *before, const struct counters *after)
{
	if (sum->count == 0) {
		*sum = *after;
		memset(sum->value, 0, sizeof(sum->value));
	}
	for (int i = 0; i < after->count && i < sum->count; i++)
		sum->value[i] += after->value[i] - before->value[i];
}

void counters_write_delta(struct json *json, const char *key, const struct counters *before, const struct counters *after)
{
	json_object(json, key);
	for (int i = 0; i < after->count; i++)
		json_signed(json, after->name[i], after->value[i] - before->value[i]);
	json_object_end(json);
}
