/* SPDX-License-Identifier: MIT */
/* Loading and removing kernel modules by their name. */
#ifndef KS_MODULE_FILE_H
#define KS_MODULE_FILE_H

/** Loads a module of ours, after removing one of that name that a killed runner left. 0, or -1 with a failure. */
int module_file_load(const char *name);

/** Removes it, trying again within a bound while it is in use. 0, or the errno of the last try (ENOENT: it is not there). */
int module_file_remove(const char *name);

#endif
