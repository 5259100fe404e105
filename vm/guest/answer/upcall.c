// SPDX-License-Identifier: MIT
#include "upcall.h"

#include <asm/stat.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/keyctl.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <linux/time.h>

#include "../common/stage_switch.h"
#include "start.h"

#define ARGC_MIN 3
#define ARGV_KEY 2
/* Fields before the description in what KEYCTL_DESCRIBE says: type;uid;gid;perm;description */
#define DESCRIBE_FIELDS 4
/* Sizes, written by the runner for each cell; without it answers have their least size. */
#define PAYLOAD_BYTES_FILE "/run/keystorm/payload_bytes"
#define BY_TYPE_PROGRAM "/keystorm/ks-answer-by-type"

static int parse_number(const char *text, long *number)
{
	long n = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > 0x7fffffffL)
			return -1;
		n = n * 10 + (*text - '0');
	}
	*number = n;
	return 0;
}

static uint64_t now(void)
{
	struct timespec time = { 0 };

	ks_syscall5(__NR_clock_gettime, CLOCK_MONOTONIC, (long)&time, 0, 0, 0);
	return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

static void read_sizes(struct ks_answer_sizes *sizes)
{
	char text[KS_ANSWER_SIZES_TEXT + 1];
	long fd = ks_syscall5(__NR_open, (long)PAYLOAD_BYTES_FILE, O_RDONLY, 0, 0, 0);
	long size = fd < 0 ? -1 : ks_syscall5(__NR_read, fd, (long)text, sizeof(text) - 1, 0, 0);

	sizes->count = 0;
	if (size > 0) {
		text[size] = '\0';
		if (!ks_answer_sizes_parse(text, sizes))
			return;
	}
	sizes->count = 1;
	sizes->bytes[0] = KS_ANSWER_MIN;
}

/* Through the host's /proc: this process is in nobody else's. */
static int namespace_inode(const struct upcall *upcall, const char *path, uint64_t *inode)
{
	struct stat status;

	if (ks_syscall5(__NR_newfstatat, upcall->proc, (long)path, (long)&status, 0, 0) < 0)
		return -1;
	*inode = status.st_ino;
	return 0;
}

static int who_am_i(const struct upcall *upcall, struct ks_answerer *self)
{
	self->agent = KS_HELPER_AGENT_ID;
	self->pid = (uint32_t)ks_syscall5(__NR_getpid, 0, 0, 0, 0, 0);
	return namespace_inode(upcall, "self/ns/user", &self->userns) || namespace_inode(upcall, "self/ns/net", &self->netns) ||
	       namespace_inode(upcall, "self/ns/mnt", &self->mntns) || namespace_inode(upcall, "self/ns/pid", &self->pidns);
}

static const char *description_of(const char *described)
{
	for (int field = 0; field < DESCRIBE_FIELDS; field++) {
		while (*described && *described != ';')
			described++;
		if (!*described)
			return 0;
		described++;
	}
	return described;
}

static enum exit_status describe(struct upcall *upcall)
{
	long size = ks_syscall5(__NR_keyctl, KEYCTL_DESCRIBE, upcall->key, (long)upcall->described, UPCALL_DESCRIBED_MAX, 0);

	if (size <= 0 || size > UPCALL_DESCRIBED_MAX)
		return EXIT_NO_DESCRIPTION;
	upcall->described[size] = '\0';
	upcall->description = description_of(upcall->described);
	return upcall->description ? EXIT_ANSWERED : EXIT_NO_DESCRIPTION;
}

enum exit_status upcall_begin(struct upcall *upcall, const long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	enum exit_status status;

	/* First of all. Two light system calls more are the price in windows without stages, beside an execve(2). */
	upcall->stamps.woke = now();
	upcall->stamps.assumed = 0;
	upcall->stages = ks_syscall5(__NR_access, (long)KS_STAGES_FILE, 0, 0, 0, 0) == 0;
	if (stack[0] < ARGC_MIN || parse_number(argv[ARGV_KEY], &upcall->key))
		return EXIT_USAGE;
	upcall->key_text = argv[ARGV_KEY];
	upcall->proc = ks_syscall5(__NR_open, (long)"/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);
	if (upcall->proc < 0)
		return EXIT_NO_NAMESPACE;
	read_sizes(&upcall->sizes);
	status = upcall_assume(upcall);
	return status ? status : describe(upcall);
}

bool upcall_is_of_type(const struct upcall *upcall, const char *type)
{
	const char *at = upcall->described;

	while (*type && *at == *type) {
		at++;
		type++;
	}
	return !*type && *at == ';';
}

enum exit_status upcall_assume(struct upcall *upcall)
{
	upcall->authority = ks_syscall5(__NR_keyctl, KEYCTL_ASSUME_AUTHORITY, upcall->key, 0, 0, 0);
	return upcall->authority > 0 ? EXIT_ANSWERED : EXIT_NO_AUTHORITY;
}

enum exit_status upcall_answer(struct upcall *upcall)
{
	long size = (long)ks_answer_size(&upcall->sizes, upcall->description);
	char payload[KS_ANSWER_MAX];
	struct ks_answerer self;

	if (who_am_i(upcall, &self))
		return EXIT_NO_NAMESPACE;
	if (ks_answer_format(payload, (size_t)size, &self, upcall->description))
		return EXIT_TOO_LONG;
	if (upcall->stages) {
		upcall->stamps.answering = now();
		if (ks_answer_stamp(payload, (size_t)size, &upcall->stamps))
			return EXIT_TOO_LONG;
	}
	if (ks_syscall5(__NR_keyctl, KEYCTL_INSTANTIATE, upcall->key, (long)payload, size, 0) < 0)
		return EXIT_REFUSED;
	return EXIT_ANSWERED;
}

long upcall_open_by_type(void)
{
	return ks_syscall5(__NR_open, (long)BY_TYPE_PROGRAM, O_PATH | O_CLOEXEC, 0, 0, 0);
}

enum exit_status upcall_become_by_type(const struct upcall *upcall, long program, bool bare)
{
	const char *const argv[] = { BY_TYPE_PROGRAM, upcall->key_text, 0 };
	const char *const environment[] = { 0 };

	if (bare && ks_syscall5(__NR_prctl, PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0) < 0)
		return EXIT_NO_PROGRAM;
	ks_syscall5(__NR_execveat, program, (long)"", (long)argv, (long)environment, AT_EMPTY_PATH);
	return EXIT_NO_PROGRAM;
}
