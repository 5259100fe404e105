// SPDX-License-Identifier: MIT
/* Counts of calls by interface and errno, shared by all processes, and what each worker is doing. */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

/* The largest errno that user space knows; what is above are the kernel's own words, and no program's business. */
#define ERRNO_MAX 133
#define WORKERS_MAX 16
#define VIOLATION_MAX 512

static const char *const names[NR_INTERFACES] = {
	[OPEN] = "open", [CLOSE] = "close", [IOCTL_REGISTER] = "ioctl register", [IOCTL_WITHDRAW] = "ioctl withdraw",
	[IOCTL_STAGES] = "ioctl stages", [IOCTL_OTHER] = "ioctl, other numbers", [READ] = "read", [WRITE] = "write",
	[WRITEV] = "writev", [POLL] = "poll", [ADD_KEY_AGENT] = "add_key keyagent",
	[ADD_KEY_PROGRAM] = "add_key usermode_helper", [UPDATE_KEY] = "update", [OTHER_KEYCTL] = "other keyctl",
	[REQUEST_KEY] = "request_key", [SETTING] = "settings", [RACE] = "races",
};

struct doing {
	_Atomic(int64_t) since;
	atomic_int interface;
};

struct tally {
	atomic_long calls;
	atomic_long counts[NR_INTERFACES][ERRNO_MAX + 1];
	struct doing doing[WORKERS_MAX];
	atomic_bool violated;
	char violation[VIOLATION_MAX];
};

static struct tally *tally;
/* The first place is for whoever is no worker. */
static int self;

void tally_open(void)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(tally != MAP_FAILED, "mmap: %s", strerror(errno));
}

void tally_worker(int worker)
{
	self = worker;
}

void calling(enum interface interface)
{
	atomic_store(&tally->doing[self].interface, (int)interface);
	atomic_store(&tally->doing[self].since, now_ms());
}

long called(enum interface interface, long result)
{
	int error = result == -1 ? errno : 0;

	atomic_store(&tally->doing[self].since, 0);
	if (error < 0 || error > ERRNO_MAX)
		violated("%s has said errno %d, which is none", names[interface], error);
	atomic_fetch_add(&tally->counts[interface][error], 1);
	atomic_fetch_add(&tally->calls, 1);
	return result;
}

int64_t call_lasts_ms(int worker)
{
	int64_t since = atomic_load(&tally->doing[worker].since);

	return since ? now_ms() - since : 0;
}

const char *call_of(int worker)
{
	return names[atomic_load(&tally->doing[worker].interface)];
}

long tally_calls(void)
{
	return atomic_load(&tally->calls);
}

void tally_print(void)
{
	for (int i = 0; i < NR_INTERFACES; i++) {
		printf("%-24s", names[i]);
		for (int e = 0; e <= ERRNO_MAX; e++) {
			long count = atomic_load(&tally->counts[i][e]);

			if (count)
				printf(" %s %ld", e ? strerrorname_np(e) : "done", count);
		}
		putchar('\n');
	}
}

void violated(const char *format, ...)
{
	va_list arguments;

	if (!atomic_exchange(&tally->violated, true)) {
		va_start(arguments, format);
		vsnprintf(tally->violation, sizeof(tally->violation), format, arguments);
		va_end(arguments);
	}
	_exit(1);
}

const char *violation(void)
{
	return atomic_load(&tally->violated) ? tally->violation : NULL;
}
