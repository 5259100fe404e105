// SPDX-License-Identifier: MIT
/*
 * ks-answer: the host's helper. The kernel executes it as /sbin/request-key (helper minimal), or keyutils' request-key
 * does by its rule for descriptions that start with "ks:"; both with
 *
 *	<program> create <key> <uid> <gid> <thread-ring> <process-ring> <session-ring>
 *
 * It instantiates the key with the answer. When it cannot, it exits with a status other than 0, and the kernel makes
 * the key a negative one.
 */
#include "start.h"

#include <asm/stat.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/keyctl.h>

#include "../common/answer.h"
#include "../common/answer_sizes.h"

#define ARGC_MIN 3
#define ARGV_KEY 2
#define DESCRIPTION_MAX 4096
/* Fields before the description in what KEYCTL_DESCRIBE says: type;uid;gid;perm;description */
#define DESCRIBE_FIELDS 4
/* Sizes, written by the runner for each cell; without it answers have their least size. */
#define PAYLOAD_BYTES_FILE "/run/keystorm/payload_bytes"

enum exit_status {
	EXIT_ANSWERED,
	EXIT_USAGE,
	EXIT_NO_AUTHORITY,
	EXIT_NO_DESCRIPTION,
	EXIT_NO_NAMESPACE,
	EXIT_TOO_LONG,
	EXIT_REFUSED,
};

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

static int namespace_inode(const char *path, uint64_t *inode)
{
	struct stat status;

	if (ks_syscall5(__NR_stat, (long)path, (long)&status, 0, 0, 0) < 0)
		return -1;
	*inode = status.st_ino;
	return 0;
}

static int who_am_i(struct ks_answerer *self)
{
	self->agent = KS_HELPER_AGENT_ID;
	self->pid = (uint32_t)ks_syscall5(__NR_getpid, 0, 0, 0, 0, 0);
	return namespace_inode("/proc/self/ns/user", &self->userns) || namespace_inode("/proc/self/ns/net", &self->netns) ||
	       namespace_inode("/proc/self/ns/mnt", &self->mntns) || namespace_inode("/proc/self/ns/pid", &self->pidns);
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

int ks_start(const long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	char described[DESCRIPTION_MAX + 1], payload[KS_ANSWER_MAX];
	struct ks_answer_sizes sizes;
	struct ks_answerer self;
	const char *description;
	long key, size;

	if (stack[0] < ARGC_MIN || parse_number(argv[ARGV_KEY], &key))
		return EXIT_USAGE;
	if (ks_syscall5(__NR_keyctl, KEYCTL_ASSUME_AUTHORITY, key, 0, 0, 0) < 0)
		return EXIT_NO_AUTHORITY;
	size = ks_syscall5(__NR_keyctl, KEYCTL_DESCRIBE, key, (long)described, DESCRIPTION_MAX, 0);
	if (size <= 0 || size > DESCRIPTION_MAX)
		return EXIT_NO_DESCRIPTION;
	described[size] = '\0';
	description = description_of(described);
	if (!description)
		return EXIT_NO_DESCRIPTION;
	if (who_am_i(&self))
		return EXIT_NO_NAMESPACE;
	read_sizes(&sizes);
	size = (long)ks_answer_size(&sizes, description);
	if (ks_answer_format(payload, (size_t)size, &self, description))
		return EXIT_TOO_LONG;
	if (ks_syscall5(__NR_keyctl, KEYCTL_INSTANTIATE, key, (long)payload, size, 0) < 0)
		return EXIT_REFUSED;
	return EXIT_ANSWERED;
}
