// SPDX-License-Identifier: MIT
#include "workplace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/clock.h"
#include "events.h"
#include "failure.h"
#include "files.h"

#define LOCK_FILE "/run/keystorm.lock"
/* How long a runner before this one may take to clear up. */
#define LOCK_MS 20000
#define LOCK_LOOK_AGAIN_MS 100

static const char *const programs[] = { "ks-pod", "ks-hammer", "ks-agent", NULL };

static int take_lock(void)
{
	uint64_t until = ks_now() + LOCK_MS * KS_NS_PER_MS;
	int lock = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (lock < 0)
		return fail("runner", "cannot open " LOCK_FILE ": %s", strerror(errno));
	while (flock(lock, LOCK_EX | LOCK_NB)) {
		if (ks_now() >= until)
			return fail("runner", "another runner has been at work here for %d ms: end it first", LOCK_MS);
		if (events_wait(ks_now() + LOCK_LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, NULL) == WAIT_FAILED)
			return -1;
	}
	return 0;
}

int workplace_begin(void)
{
	if ((mkdir("/run", 0755) && errno != EEXIST) || take_lock())
		return failure.failed ? -1 : fail("runner", "cannot create /run: %s", strerror(errno));
	while (umount2(WORKPLACE, MNT_DETACH) == 0)
		;
	if ((mkdir(WORKPLACE, 0755) && errno != EEXIST) ||
	    mount("keystorm", WORKPLACE, "tmpfs", MS_NODEV, "mode=0755") || mkdir(WORKPLACE_PROGRAMS, 0755))
		return fail("runner", "cannot make its folder " WORKPLACE ": %s", strerror(errno));
	for (int i = 0; programs[i]; i++) {
		char from[64] = GUEST_PROGRAMS "/", to[64] = WORKPLACE_PROGRAMS "/";

		strcat(from, programs[i]);
		strcat(to, programs[i]);
		if (file_copy(from, to, 0, 0755))
			return fail("runner", "cannot copy %s: %s", from, strerror(errno));
	}
	return 0;
}

void workplace_end(void)
{
	umount2(WORKPLACE, MNT_DETACH);
	rmdir(WORKPLACE);
}
