// SPDX-License-Identifier: MIT
/*
 * ks-hammer: one requester: one request outstanding at a time, begun in the manner that the phase says.
 *
 *	ks-hammer <cell> <container> <container-index> <worker> <depth>
 *
 * started by ks-pod with the ledger and the eventfd open. It asks from <depth> user namespaces below the one it was started in. It lives as long as its cell and does no input or output: all
 * it knows comes from the ledger and all it finds goes there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/futex.h"
#include "../common/keys.h"
#include "../common/ledger.h"
#include "depth.h"
#include "hit.h"
#include "phase.h"
#include "requester.h"

/* The default, 50 µs, is as long as some of what is measured. 0 would mean the default. */
#define TIMER_SLACK_NS 1

static struct ks_ledger *map_ledger(void)
{
	struct stat status;
	void *memory;

	if (fstat(KS_HAMMER_LEDGER_FD, &status) || status.st_size < (off_t)sizeof(struct ks_ledger))
		return NULL;
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, KS_HAMMER_LEDGER_FD, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static uint64_t namespace_inode(const char *path)
{
	struct stat status;

	if (stat(path, &status)) {
		perror("ks-hammer: its own namespaces");
		exit(EXIT_FAILURE);
	}
	return status.st_ino;
}

static void run_phase(struct requester *self)
{
	if (self->ledger->requests != KS_REQUESTS_FRESH || self->container->gated) {
		storm_run(self);
		return;
	}
	switch ((enum ks_phase_kind)self->ledger->phase.kind) {
	case KS_PHASE_WARMUP:
		warmup_run(self);
		break;
	case KS_PHASE_CLOSED:
		closed_loop_run(self);
		break;
	case KS_PHASE_OPEN:
		open_loop_run(self);
		break;
	case KS_PHASE_BATCH:
		batch_run(self);
		break;
	}
}

static void serve(struct ks_ledger *ledger, struct requester *self)
{
	uint32_t container = (uint32_t)(self->container - ledger->container), seen;

	for (;;) {
		seen = atomic_load(&ledger->epoch);
		if (ks_ledger_rest(ledger, container, self->worker) && eventfd_write(KS_HAMMER_IDLE_FD, 1))
			exit(EXIT_FAILURE);
		while (atomic_load(&ledger->epoch) == seen)
			ks_futex_wait(&ledger->epoch, seen, NULL);
		run_phase(self);
	}
}

int main(int argc, char **argv)
{
	struct ks_ledger *ledger = map_ledger();
	struct requester self = { 0 };

	if (argc != 6 || !ledger || ledger->version != KS_LEDGER_VERSION) {
		fprintf(stderr, "ks-hammer: started by ks-pod only, with the ledger on descriptor %d\n", KS_HAMMER_LEDGER_FD);
		return 2;
	}
	if (requester_init(&self, ledger, argv[1], argv[2], (uint32_t)strtoul(argv[3], NULL, 10),
			   (uint32_t)strtoul(argv[4], NULL, 10))) {
		fprintf(stderr, "ks-hammer: the ledger has no requester %s of a container %s\n", argv[4], argv[3]);
		return 2;
	}
	self.container_userns = namespace_inode("/proc/self/ns/user");
	if (depth_descend((uint32_t)strtoul(argv[5], NULL, 10)))
		return 1;
	self.userns = namespace_inode("/proc/self/ns/user");
	self.netns = namespace_inode("/proc/self/ns/net");
	if (ks_keyring_id(KEY_SPEC_PROCESS_KEYRING) < 0) {
		perror("ks-hammer: its process keyring");
		return 1;
	}
	if (hit_prepare(&self)) {
		perror("ks-hammer: the key for its hits");
		return 1;
	}
	if (prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS)) {
		perror("ks-hammer: timer slack");
		return 1;
	}
	serve(ledger, &self);
}
