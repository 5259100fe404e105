// SPDX-License-Identifier: MIT
#include "unlock.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_ID_LENGTH 36

static bool read_id(int file, char *id)
{
	char text[BOOT_ID_LENGTH + 2];
	ssize_t size = read(file, text, sizeof(text));

	if (size < BOOT_ID_LENGTH || (size > BOOT_ID_LENGTH && text[BOOT_ID_LENGTH] != '\n'))
		return false;
	memcpy(id, text, BOOT_ID_LENGTH);
	id[BOOT_ID_LENGTH] = '\0';
	return strspn(id, "0123456789abcdef-") == BOOT_ID_LENGTH;
}

static bool is_ours_alone(int file)
{
	struct stat status;

	return !fstat(file, &status) && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
	       !(status.st_mode & (S_IWGRP | S_IWOTH));
}

static bool take_id(const char *path, bool ours, char *id)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool taken = file >= 0 && (!ours || is_ours_alone(file)) && read_id(file, id);

	if (file >= 0)
		close(file);
	return taken;
}

const char *ks_unlock_of(const char *file, const char *boot_id_file)
{
	static char parameter[sizeof("unlock=") + BOOT_ID_LENGTH];
	char unlocked[BOOT_ID_LENGTH + 1], current[BOOT_ID_LENGTH + 1];

	if (!take_id(file, true, unlocked) || !take_id(boot_id_file, false, current) || strcmp(unlocked, current) != 0)
		return "";
	snprintf(parameter, sizeof(parameter), "unlock=%s", current);
	return parameter;
}

const char *ks_unlock(void)
{
	return ks_unlock_of(KS_UNLOCK_FILE, KS_BOOT_ID_FILE);
}
