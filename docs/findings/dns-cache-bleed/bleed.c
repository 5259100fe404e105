// SPDX-License-Identifier: MIT
/*
 * Is a key of type dns_resolver found by those who look for it in another network namespace? Needs no name server, no helper
 * and no network: the key is added by hand.
 *
 *	cc -o bleed bleed.c && sudo modprobe dns_resolver && sudo ./bleed
 *
 * (or, with the module loaded, as an ordinary user: unshare -r ./bleed)
 *
 * Exit status: 0 the namespaces are kept apart, 1 they are not, 2 it could not be tried.
 */
#define _GNU_SOURCE
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TYPE "dns_resolver"
#define NAME "srv.example.test"

static const char first_answer[] = "192.0.2.1", second_answer[] = "192.0.2.2";

static void demand(int works, const char *what)
{
	if (works)
		return;
	perror(what);
	exit(2);
}

static long add(const char *answer)
{
	/* The type wants the NUL. */
	return syscall(SYS_add_key, TYPE, NAME, answer, strlen(answer) + 1, KEY_SPEC_SESSION_KEYRING);
}

static void show(const char *what, long key)
{
	char answer[64] = "";

	if (key > 0 && syscall(SYS_keyctl, KEYCTL_READ, key, answer, sizeof(answer) - 1) < 0)
		snprintf(answer, sizeof(answer), "(unreadable)");
	printf("  %-44s %s%s%ld\n", what, key > 0 ? answer : "nothing", key > 0 ? ", key " : ", ", key);
}

int main(void)
{
	struct utsname kernel;
	long made, searched, requested, added;

	uname(&kernel);
	printf("Linux %s %s\n", kernel.release, kernel.version);
	demand(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) > 0, "a session keyring");

	made = add(first_answer);
	demand(made > 0, "add_key(\"" TYPE "\"): is the module dns_resolver loaded?");
	puts("In the first network namespace");
	show("added", made);

	demand(!unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
	searched = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, TYPE, NAME, 0);
	requested = syscall(SYS_request_key, TYPE, NAME, NULL, 0);
	puts("In a new network namespace, with the same session keyring");
	show("KEYCTL_SEARCH finds", searched);
	show("request_key() without a callout finds", requested);

	/* Adding does tell the namespaces apart: this does not update the first key, it makes another one beside it. */
	added = add(second_answer);
	demand(added > 0, "add_key in the second namespace");
	show("added", added);
	show("and now KEYCTL_SEARCH finds", syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, TYPE, NAME, 0));

	if (searched == made || requested == made) {
		puts("NOT SEPARATE: the key of one network namespace is found in another.");
		return 1;
	}
	puts("Separate: each network namespace finds its own keys only.");
	return 0;
}
