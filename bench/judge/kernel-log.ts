// SPDX-License-Identifier: MIT
/** Complaints in what a run recorded of a guest's kernel log. */
import { complaintOf } from '../../vm/kernel-log/complaint.ts';

/** What the runner writes in the place of records the kernel overwrote before it could read them. */
export const recordsLost = 'keystorm: kernel log records were overwritten before they could be read';

/** The first complaint among lines of a kmsg frame ([level, µs, text]), and how many lines are complaints. */
export function findComplaint(
  lines: readonly (readonly [number, number, string])[],
): { readonly what: string; readonly line: string; readonly count: number } | null {
  let first: { what: string; line: string } | null = null;
  let count = 0;
  for (const [level, , text] of lines) {
    const what = complaintOf(level, text);
    if (what === null) continue;
    first ??= { what, line: text };
    count++;
  }
  return first === null ? null : { ...first, count };
}
