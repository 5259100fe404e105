// SPDX-License-Identifier: MIT
/**
 * What varies between two guests on purpose where nothing varies by itself. The number of instructions of one and the same work depends on
 * where things happen to lie: figures of one layout would be exact, and might be exact by accident.
 */
import { type ArchiveEntry, file } from '../../image/newc.ts';

/** Bytes of a page of the guest's memory. */
const page = 4_096;
/** As many pages as the padding may have, 4 MiB; a prime, so that seeds that follow one another lie apart. */
const mostPages = 1_021;
const step = 389;

/**
 * A word of the kernel's command line. The kernel stirs its command line into its random numbers, so keys get other serials, tables other hashes, and
 * programs other addresses.
 */
export function layoutWord(seed: number): string {
  return `keystorm.layout=${seed}`;
}

/** A file in the root file system, which nobody reads: whatever is loaded behind it lies elsewhere. */
export function layoutPadding(seed: number): ArchiveEntry {
  return file('etc/keystorm/layout', Buffer.alloc(page * (1 + (((seed % mostPages) * step) % mostPages)), 0x5a));
}
