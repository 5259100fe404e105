// SPDX-License-Identifier: MIT
/**
 * The host's helper was executed exactly as often as the cell's route and fallback say, warm-up included: where helpers answer once
 * for each upcall that the requests needed; with an agent or the null actor never, save for the upcalls that fell back to the
 * stock helper, which the module counted.
 */
import type { CellView } from '../../../results/cell-view.ts';
import { type Count, upcallsNeeded } from '../../measure/upcalls.ts';
import { traitsOf } from '../../mechanisms/routes.ts';
import { times } from '../../words.ts';
import { helperExecs } from '../helper-execs.ts';
import { held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const hostHelperSpawns: Oracle = (input) =>
  overBoots(input, (view) => {
    const execs = helperExecs(view);
    if ('unknown' in execs) return execs.unknown;
    const expected = expectedExecs(view);
    if (expected.count === null) return unknown(expected.reason);
    const seen = `/sbin/request-key was executed ${times(execs.count)}, expected: ${expected.count} (${expected.why})`;
    return execs.count === expected.count ? held(seen) : violated(seen);
  });

function expectedExecs(view: CellView): Count {
  const { cell, counters } = view;
  const { answerer } = traitsOf(cell.mechanism.route);
  if (answerer === 'helper') return upcallsNeeded(view);
  if (answerer === 'module') return { count: 0, why: 'the module answers itself' };
  if (cell.fallback === 'refuse') return { count: 0, why: 'agents answer, and the fallback is to refuse' };
  const fallen = counters?.delta.fallback_stock;
  if (fallen === undefined) return { count: null, reason: 'the counter fallback_stock was not reported' };
  return { count: fallen, why: 'one for each upcall that fell back' };
}
