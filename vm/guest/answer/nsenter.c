// SPDX-License-Identifier: MIT
/*
 * ks-answer-nsenter: as ks-answer, but from the requester's namespaces: network, mounts, uts, ipc, cgroup and user, which it
 * enters by the requester's pid, as cifs.upcall does. (The pid namespace is entered only by children; this has none.) The
 * requester cannot go away meanwhile: the kernel has it wait for this process, and nothing can kill it.
 *
 * Inside, no program of the container's is executed, and no file of its is read but /etc/resolv.conf, for a key that is a
 * question to its name servers; that is done by a program of the host's that was opened before, without capabilities.
 */
#include <asm/stat.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/sched.h>

#include "requester.h"
#include "start.h"

#define DECIMAL_DIGITS_MAX 10

/* In the order in which they are entered: the last takes away the capabilities that the others need. */
static const struct kind {
	const char *path;	/* below /proc/<pid>/ */
	long flag;
} kinds[] = {
	{ "/ns/net", CLONE_NEWNET }, { "/ns/mnt", CLONE_NEWNS },	{ "/ns/uts", CLONE_NEWUTS },
	{ "/ns/ipc", CLONE_NEWIPC }, { "/ns/cgroup", CLONE_NEWCGROUP }, { "/ns/user", CLONE_NEWUSER },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
/* "<pid>/ns/cgroup" */
#define PATH_MAX_SHORT 32

static void path_of(char *path, long pid, const char *rest)
{
	char digits[DECIMAL_DIGITS_MAX];
	int count = 0;

	do {
		digits[count++] = (char)('0' + pid % 10);
		pid /= 10;
	} while (pid > 0);
	while (count > 0)
		*path++ = digits[--count];
	while (*rest)
		*path++ = *rest++;
	*path = '\0';
}

static long open_namespace(const struct upcall *upcall, long pid, const struct kind *kind)
{
	char path[PATH_MAX_SHORT];

	path_of(path, pid, kind->path);
	return ks_syscall5(__NR_openat, upcall->proc, (long)path, O_RDONLY | O_CLOEXEC, 0, 0);
}

/* 1: this process is in it already, 0: it is not, -1: who knows. One's own user namespace cannot be entered again. */
static int is_own(const struct upcall *upcall, long self, const struct kind *kind, long namespace)
{
	char path[PATH_MAX_SHORT];
	struct stat own, other;

	path_of(path, self, kind->path);
	if (ks_syscall5(__NR_newfstatat, upcall->proc, (long)path, (long)&own, 0, 0) < 0 ||
	    ks_syscall5(__NR_fstat, namespace, (long)&other, 0, 0, 0) < 0)
		return -1;
	return own.st_ino == other.st_ino;
}

static enum exit_status enter(const struct upcall *upcall, long pid)
{
	long namespaces[KINDS], self = ks_syscall5(__NR_getpid, 0, 0, 0, 0, 0);
	int own[KINDS];

	/* All are looked at before any is entered: afterwards this process may look at others' no more. */
	for (unsigned int i = 0; i < KINDS; i++) {
		namespaces[i] = open_namespace(upcall, pid, &kinds[i]);
		own[i] = namespaces[i] < 0 ? -1 : is_own(upcall, self, &kinds[i], namespaces[i]);
		if (own[i] < 0)
			return EXIT_NOT_ENTERED;
	}
	for (unsigned int i = 0; i < KINDS; i++)
		if (!own[i] && ks_syscall5(__NR_setns, namespaces[i], kinds[i].flag, 0, 0, 0) < 0)
			return EXIT_NOT_ENTERED;
	return EXIT_ANSWERED;
}

int ks_start(const long *stack)
{
	struct upcall upcall;
	enum exit_status status = upcall_begin(&upcall, stack);
	bool is_name;
	long pid, by_type = -1;

	if (status)
		return status;
	/* Its program would be the container's. */
	if (upcall_is_of_type(&upcall, "usermode_helper"))
		return EXIT_NO_PROGRAM;
	is_name = upcall_is_of_type(&upcall, "dns_resolver");
	if (is_name)
		by_type = upcall_open_by_type();
	pid = requester_find(&upcall);
	if (pid < 0)
		return EXIT_NO_REQUESTER;
	status = enter(&upcall, pid);
	/* Entering a user namespace has taken the authority away. */
	if (!status)
		status = upcall_assume(&upcall);
	if (status)
		return status;
	return is_name ? upcall_become_by_type(&upcall, by_type, true) : upcall_answer(&upcall);
}
