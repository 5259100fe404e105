/* SPDX-License-Identifier: MIT */
/* What the harness hands to a guest that hears nothing of the world while it runs: a memory that both see (QEMU's ivshmem). */
#ifndef KS_MAILBOX_H
#define KS_MAILBOX_H

#include <stddef.h>
#include <stdint.h>

/** As the harness writes it, in the byte order of the guest; the text follows at once. */
struct mailbox {
	/** Grows with each text: one that was taken is not taken again. */
	uint32_t sequence;
	/** Bytes of the text. */
	uint32_t size;
	char text[];
};

/**
 * Maps it; NULL with `problem`, a clause, where there is none.
 * `size`: bytes of the whole of it.
 */
const volatile struct mailbox *mailbox_open(size_t *size, const char **problem);

#endif
