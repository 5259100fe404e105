// SPDX-License-Identifier: MIT
/**
 * The kernel logged no warning, oops, stall, sanitizer or lock report. Lines are judged with the cell they were logged in; what was
 * logged outside any cell cannot be told apart and counts against every cell of the boot.
 */
import { framesOf } from '../../../results/boots.ts';
import type { CellView } from '../../../results/cell-view.ts';
import { reasonOf } from '../../measure/figure.ts';
import { count } from '../../words.ts';
import { findComplaint, recordsLost } from '../kernel-log.ts';
import { damageIn, held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';
import type { Finding } from '../verdict.ts';

export const kernelLogClean: Oracle = (input) => overBoots(input, judgeLog);

/** What has a part of the kernel log to itself: a cell, or a block of checks. */
type Logged = Pick<CellView, 'boot' | 'keys' | 'kmsg'>;

export function judgeLog(view: Logged): Finding {
  const outside = framesOf(view.boot, 'kmsg').filter(({ cell }) => cell === null);
  for (const frame of [...view.kmsg, ...outside]) {
    const found = findComplaint(frame.lines);
    if (found === null) continue;
    const where = frame.cell === null ? ' (logged outside any cell)' : '';
    const more = found.count > 1 ? `, and ${count(found.count - 1, 'more such line')}` : '';
    return violated(`${found.what}: "${found.line}"${more}${where}`);
  }
  const lost = damageIn(view);
  if (lost !== null) return unknown(lost);
  if (!loggedToTheEnd(view)) return unknown(`the kernel log was not reported to the end (${reasonOf(view.boot)})`);
  const all = [...view.kmsg, ...outside].flatMap(({ lines }) => lines);
  if (all.some(([, , text]) => text === recordsLost))
    return unknown('the kernel overwrote log records before they could be read');
  return held(`nothing to complain about in ${count(all.length, 'line')} of kernel log`);
}

/** The runner reports the log after each window too: only what comes after the cell's keys, in a boot that finished, is the last. */
function loggedToTheEnd({ boot, keys, kmsg }: Logged): boolean {
  const last = kmsg.at(-1);
  return boot.finished && keys !== null && last !== undefined && last.n > keys.n;
}
