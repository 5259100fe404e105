// SPDX-License-Identifier: MIT
/**
 * What varies between two guests on purpose where nothing varies by itself. The number of instructions of one and the same work depends on
 * where things happen to lie: figures of one layout would be exact, and might be exact by accident.
 */
import { padding } from '../../image/arrangement.ts';
import type { ArchiveEntry } from '../../image/newc.ts';
import { layoutWordName } from '../../measured-words.ts';

/**
 * A word of the kernel's command line. The kernel stirs its command line into its random numbers, so keys get other serials, tables other hashes, and
 * programs other addresses.
 */
export function layoutWord(seed: number): string {
  return `${layoutWordName}=${seed}`;
}

/** A file in the root file system, which nobody reads: whatever is loaded behind it lies elsewhere. */
export function layoutPadding(seed: number): ArchiveEntry {
  return padding('etc/keystorm/layout', seed);
}
