// SPDX-License-Identifier: MIT
#include "process_status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../module/selftest/harness.h"

/* What follows "<word>:\t". false: there is no such line, or no such process. */
static bool find(pid_t pid, const char *word, char *value, size_t size)
{
	char path[64], line[256];
	size_t length = strlen(word);
	bool found = false;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status && !found && fgets(line, sizeof(line), status))
		if (!strncmp(line, word, length) && line[length] == ':') {
			snprintf(value, size, "%s", line + length + 2);
			found = true;
		}
	if (status)
		fclose(status);
	return found;
}

uint64_t status_mask(pid_t pid, const char *word)
{
	char value[64];
	uint64_t mask = 0;

	require(find(pid, word, value, sizeof(value)) && sscanf(value, "%" SCNx64, &mask) == 1, "/proc/%d/status has no mask %s", pid,
		word);
	return mask;
}

bool status_signal_waits(pid_t pid, int signo)
{
	return ((status_mask(pid, "ShdPnd") | status_mask(pid, "SigPnd")) >> (signo - 1)) & 1;
}

long status_signals_queued(pid_t pid)
{
	char value[64];
	long queued = 0;

	require(find(pid, "SigQ", value, sizeof(value)) && sscanf(value, "%ld/", &queued) == 1, "/proc/%d/status has no SigQ", pid);
	return queued;
}

uid_t status_uid(pid_t pid)
{
	char value[64];
	uid_t uid;

	require(find(pid, "Uid", value, sizeof(value)) && sscanf(value, "%u", &uid) == 1, "/proc/%d/status has no Uid", pid);
	return uid;
}

char status_state(pid_t pid)
{
	char value[64];

	return find(pid, "State", value, sizeof(value)) ? *value : '?';
}
