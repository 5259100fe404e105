// SPDX-License-Identifier: MIT
/**
 * The host's helper was executed exactly as often as the cell's route and fallback say, warm-up included. Descriptions are
 * distinct, so every request is an upcall of its own: with route init each makes one exec; with an agent or the null actor none
 * does, save for the upcalls that fell back to the stock helper, which the module counted.
 */
import type { CellView } from '../../../results/cell-view.ts';
import { times } from '../../words.ts';
import { helperExecs } from '../helper-execs.ts';
import { held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const hostHelperSpawns: Oracle = (input) =>
  overBoots(input, (view) => {
    const execs = helperExecs(view);
    if ('unknown' in execs) return execs.unknown;
    const expected = expectedExecs(view);
    if (expected === null) return unknown('the counter fallback_stock was not reported');
    const seen = `/sbin/request-key was executed ${times(execs.count)}, expected: ${expected.count} (${expected.why})`;
    return execs.count === expected.count ? held(seen) : violated(seen);
  });

function expectedExecs({ cell, counters }: CellView): { count: number; why: string } | null {
  if (counters === null) return null;
  if (cell.mechanism.route === 'init') {
    const { upcalls_ok, upcalls_failed } = counters;
    return { count: upcalls_ok + upcalls_failed, why: 'one for each request' };
  }
  if (cell.mechanism.route === 'null') return { count: 0, why: 'the module answers itself' };
  if (cell.fallback === 'refuse') return { count: 0, why: 'agents answer, and the fallback is to refuse' };
  const fallen = counters.delta.fallback_stock;
  return fallen === undefined ? null : { count: fallen, why: 'one for each upcall that fell back' };
}
