// SPDX-License-Identifier: MIT
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_CHUNK (1 << 20)
#define TREE_DEPTH 16

int file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -1;
	while (used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	close(fd);
	if (got < 0)
		return -1;
	if (used > 0 && text[used - 1] == '\n')
		used--;
	text[used] = '\0';
	return 0;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t wrote;
	int error;

	if (fd < 0)
		return -1;
	wrote = write(fd, text, strlen(text));
	error = wrote < 0 ? errno : EIO;
	close(fd);
	errno = error;
	return wrote == (ssize_t)strlen(text) ? 0 : -1;
}

int file_copy(const char *from, const char *to, uid_t uid, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, result = -1;
	ssize_t moved;

	if (in < 0)
		return -1;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	if (out >= 0) {
		while ((moved = sendfile(out, in, NULL, COPY_CHUNK)) > 0)
			;
		/* chown drops the setuid bit, so the mode comes last. */
		if (moved == 0 && !fchown(out, uid, uid) && !fchmod(out, mode))
			result = 0;
		close(out);
	}
	close(in);
	return result;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

int file_remove_tree(const char *path)
{
	return nftw(path, remove_entry, TREE_DEPTH, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
