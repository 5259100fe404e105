/* SPDX-License-Identifier: MIT */
/* Small files of /proc, /sys and the runner's own, as text. */
#ifndef KS_FILES_H
#define KS_FILES_H

#include <stddef.h>
#include <sys/types.h>

/** Reads a file into `text` (NUL-terminated, cut to `size`), without its final newline. 0, or -1 with errno. */
int file_read(const char *path, char *text, size_t size);

/** Writes a file that exists (settings) or creates it. 0, or -1 with errno. */
int file_write(const char *path, const char *text);

/** Copies an executable; the copy belongs to uid and gid and has that mode. 0, or -1 with errno. */
int file_copy(const char *from, const char *to, uid_t uid, mode_t mode);

/** Removes a folder and what is in it, without leaving its file system. 0, or -1 with errno. */
int file_remove_tree(const char *path);

#endif
