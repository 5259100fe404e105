// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing of this may run by mistake on a machine somebody needs: the module loads
 * only where the kernel was booted to be thrown away, or where whoever loads it
 * names this very boot.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "keystorm.h"

static const char ks_disposable[] = "keystorm.disposable=1";

static char *ks_unlock = "";
module_param_named(unlock, ks_unlock, charp, 0);
MODULE_PARM_DESC(unlock, "id of this boot (/proc/sys/kernel/random/boot_id): load although the machine is not one to be thrown away");

/* The index of a byte that is not zero once the id has been made: its variant. */
#define KS_BOOT_ID_MADE 8

static bool ks_has_word(const char *line, const char *word)
{
	const size_t len = strlen(word);
	const char *at;

	for (at = line; (at = strstr(at, word)); at += len)
		if ((at == line || isspace(at[-1])) && (!at[len] || isspace(at[len])))
			return true;
	return false;
}

/*
 * The id is the kernel's own variable, for the reason given below, and is made when
 * it is first read: nobody can name one that has not been.
 */
static bool ks_is_unlocked(void)
{
	const u8 *id = ks_symbol("sysctl_bootid");
	char text[UUID_STRING_LEN + 1];

	if (!id || !id[KS_BOOT_ID_MADE])
		return false;
	snprintf(text, sizeof(text), "%pU", id);
	return !strcmp(text, ks_unlock);
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
	if (ks_is_unlocked()) {
		pr_warn("loading although this machine is not one to be thrown away: it was unlocked for this boot\n");
		return 0;
	}
	pr_err("not loading: the kernel command line does not say %s, so this machine is not one to be thrown away, and it was not unlocked\n",
	       ks_disposable);
	return -EPERM;
}
