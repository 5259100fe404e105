// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing of this may ever run on a machine somebody needs: the module loads
 * only where the kernel was booted to be thrown away.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "keystorm.h"

static const char ks_disposable[] = "keystorm.disposable=1";

static bool ks_has_word(const char *line, const char *word)
{
	const size_t len = strlen(word);
	const char *at;

	for (at = line; (at = strstr(at, word)); at += len)
		if ((at == line || isspace(at[-1])) && (!at[len] || isspace(at[len])))
			return true;
	return false;
}

/**
 * ks_guard - may this module be loaded here?
 *
 * The command line is read from the kernel's own variable: /proc/cmdline is
 * whatever the loader's mount namespace says it is.
 *
 * Return: 0, or -EPERM, said in the kernel log.
 */
int ks_guard(void)
{
	char **cmdline = ks_symbol("saved_command_line");

	if (cmdline && *cmdline && ks_has_word(*cmdline, ks_disposable))
		return 0;
	pr_err("not loading: the kernel command line does not say %s, so this machine is not one to be thrown away\n",
	       ks_disposable);
	return -EPERM;
}
