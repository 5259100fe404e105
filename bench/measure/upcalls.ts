// SPDX-License-Identifier: MIT
/**
 * Upcalls of a cell, warm-up included: how many its requests needed, by what they asked for, and how many there were, as the
 * module counted them or, where helpers answer, as these were executed.
 */

import { framesOf } from '../../results/boots.ts';
import type { CellView } from '../../results/cell-view.ts';
import { type FrameOf, protocolVersion } from '../../results/frames.ts';
import { traitsOf } from '../mechanisms/routes.ts';
import { reasonOf } from './figure.ts';

export type Count =
  | { readonly count: number; readonly why: string }
  | { readonly count: null; readonly reason: string };

const unknown = (reason: string): Count => ({ count: null, reason });

/** What the requests needed: one for each that was no hit; in storm-one, where all share a key, one for each round. */
export function upcallsNeeded(view: CellView): Count {
  const { counters } = view;
  if (counters === null) return unknown(notReported(view));
  if (view.cell.requests.kind === 'storm-one') {
    if (counters.rounds === undefined) return unknown('the rounds were not counted');
    return { count: counters.rounds, why: 'one for each round' };
  }
  const requests = counters.upcalls_ok + counters.upcalls_failed;
  const { hitPercent } = view.cell.requests;
  if (hitPercent === 0) return { count: requests - (counters.hits ?? 0), why: 'one for each request' };
  if (counters.hits === undefined) return unknown('the hits were not counted');
  return { count: requests - counters.hits, why: 'one for each request that was no hit' };
}

/** What there were. */
export function upcallsMade(view: CellView): Count {
  const { counters } = view;
  if (counters === null) return unknown(notReported(view));
  const { answerer, counters: names, counted } = traitsOf(view.cell.mechanism.route);
  if (names === null) return unknown(`nobody counts ${counted}`);
  const troubled = (['dead', 'queue_full'] as const).find((name) => (counters.delta[name] ?? 0) > 0);
  if (answerer === 'agent' && troubled !== undefined)
    return unknown(`the counter ${troubled} is not 0, and may count an upcall again`);
  return summed(counters, names.filter(knownTo(view)), counted);
}

/** Runners of the earlier protocols had a module without fd-keyctl: a counter that did not exist has counted nothing. */
function knownTo({ boot }: CellView): (name: string) => boolean {
  const protocol = framesOf(boot, 'hello')[0]?.protocol ?? protocolVersion;
  return (name) => protocol >= 3 || name !== 'notified_fd_keyctl';
}

function summed({ delta }: FrameOf<'counters'>, names: readonly string[], why: string): Count {
  let count = 0;
  for (const name of names) {
    const value = delta[name];
    if (value === undefined) return unknown(`the counter ${name} was not reported`);
    count += value;
  }
  return { count, why };
}

function notReported({ boot }: CellView): string {
  return `the counters were not reported (${reasonOf(boot)})`;
}
