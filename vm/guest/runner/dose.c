// SPDX-License-Identifier: MIT
#include "dose.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/futex.h"
#include "failure.h"

int dose_fd(struct dose *dose)
{
	void *memory;

	if (dose->shared)
		return dose->fd;
	dose->fd = memfd_create("keystorm-dose", MFD_CLOEXEC);
	if (dose->fd < 0 || ftruncate(dose->fd, sizeof(*dose->shared)))
		return fail("agent", "cannot make its dose: %s", strerror(errno));
	memory = mmap(NULL, sizeof(*dose->shared), PROT_READ | PROT_WRITE, MAP_SHARED, dose->fd, 0);
	if (memory == MAP_FAILED) {
		close(dose->fd);
		return fail("agent", "cannot map its dose: %s", strerror(errno));
	}
	dose->shared = memory;
	return dose->fd;
}

int dose_delay(struct dose *dose, uint32_t delay_ns)
{
	if (dose_fd(dose) < 0)
		return -1;
	atomic_store(&dose->shared->delay_ns, delay_ns);
	return 0;
}

void dose_give(struct dose *dose, enum ks_dose_kind kind, uint32_t amount, uint32_t slot)
{
	atomic_store(&dose->shared->hits[slot], 0);
	atomic_store(&dose->shared->amiss[slot], 0);
	atomic_store(&dose->shared->amount, amount);
	atomic_store(&dose->shared->order, ks_dose_order(kind, slot));
}

void dose_end(struct dose *dose, uint32_t slot)
{
	/* Only the runner writes it. */
	if (ks_dose_slot_of(atomic_load(&dose->shared->order)) != slot)
		return;
	atomic_store(&dose->shared->order, KS_DOSE_NONE);
	ks_futex_wake_all(&dose->shared->order);
}

uint32_t dose_hits(const struct dose *dose, uint32_t slot)
{
	return atomic_load(&dose->shared->hits[slot]);
}

uint32_t dose_amiss(const struct dose *dose, uint32_t slot)
{
	return atomic_load(&dose->shared->amiss[slot]);
}

void dose_forget(struct dose *dose)
{
	if (!dose->shared)
		return;
	munmap(dose->shared, sizeof(*dose->shared));
	close(dose->fd);
	*dose = (struct dose){ 0 };
}
