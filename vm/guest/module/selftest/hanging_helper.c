// SPDX-License-Identifier: MIT
#include "hanging_helper.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/helper_paths.h"
#include "harness.h"

/* Longer than any check or behaviour may take; then even a forgotten one lets its requester go. */
#define HANG_S (200 * slowness())

/* The runner saves the image's own helper by the same name, when it puts another in its place. */
static bool is_ours(void)
{
	char program[128] = "", installed[128] = "";

	return readlink("/proc/self/exe", program, sizeof(program) - 1) > 0 &&
	       readlink(KS_HELPER, installed, sizeof(installed) - 1) > 0 && !strcmp(program, installed);
}

/* What stood there, if that was a block's own choice: a symbolic link. */
static char before[128];

void hanging_helper_install(void)
{
	char program[128] = "";

	if (is_ours())
		return;
	if (readlink(KS_HELPER, before, sizeof(before) - 1) < 0)
		*before = '\0';
	require(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0, "cannot tell which program this is: %s", strerror(errno));
	unlink(KS_HELPER_INCOMING);
	/* The runner has saved the image's own one already, if the block has another helper. */
	require(!link(KS_HELPER, KS_HELPER_SAVED) || errno == EEXIST, "cannot save %s: %s", KS_HELPER, strerror(errno));
	require(!symlink(program, KS_HELPER_INCOMING) && !rename(KS_HELPER_INCOMING, KS_HELPER), "cannot replace %s: %s",
		KS_HELPER, strerror(errno));
}

void hanging_helper_remove(void)
{
	if (!is_ours())
		return;
	if (*before)
		require(!symlink(before, KS_HELPER_INCOMING) && !rename(KS_HELPER_INCOMING, KS_HELPER), "cannot put %s back: %s", before,
			strerror(errno));
	else
		rename(KS_HELPER_SAVED, KS_HELPER);
}

static bool is_helper(const char *pid)
{
	char path[64], name[sizeof(KS_HELPER)] = "";
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	size = fread(name, 1, sizeof(name), file);
	fclose(file);
	return size == sizeof(name) && !memcmp(name, KS_HELPER, sizeof(name));
}

static pid_t find(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t pid = 0;

	require(proc != NULL, "cannot list /proc: %s", strerror(errno));
	while (!pid && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_helper(entry->d_name))
			pid = (pid_t)strtol(entry->d_name, NULL, 10);
	closedir(proc);
	return pid;
}

pid_t hanging_helper_await(void)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	pid_t pid;

	while (!(pid = find())) {
		require(now_ms() < deadline, "no helper was executed within %d ms", PATIENCE_MS);
		sleep_ms(10);
	}
	return pid;
}

bool hanging_helper_is(const char *argv0)
{
	return !strcmp(argv0, KS_HELPER);
}

void hanging_helper_run(void)
{
	signal(SIGALRM, SIG_DFL);
	alarm((unsigned int)HANG_S);
	for (;;)
		pause();
}
