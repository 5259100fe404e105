// SPDX-License-Identifier: MIT
/** Storms: how long a round takes from its first start to its last end, and how many upcalls it comes to. */
import { type CellView, slicesOf, windowsOf } from '../../results/cell-view.ts';
import { durationUnit, roleDimensions, sliceDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing, obstacle, reasonOf } from './figure.ts';
import { Histogram } from './histogram.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf } from './quantile.ts';
import { upcallsMade } from './upcalls.ts';

/** storm.round.* and storm.upcalls_per_round of one cell in one boot; none where requesters do not storm. */
export function stormFigures(view: CellView, dimensions: Dimensions): Figure[] {
  if (view.cell.requests.kind === 'fresh') return [];
  return [...roundFigures(view, dimensions), ...upcallsPerRoundFigures(view, dimensions)];
}

function roundFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return slicesOf(view.cell).flatMap((slice) => {
    const windows = windowsOf(view, slice);
    const frames = windows.flatMap(({ frame }) => (frame?.rounds === undefined ? [] : [frame.rounds]));
    const reason = obstacle(view, windows);
    const rounds = Histogram.merged(frames.map(({ hist }) => Histogram.from(hist)));
    const figure = (name: string, measured: () => Measured): Figure => ({
      name: `storm.round.${name}`,
      unit: durationUnit(dimensions, view, windows),
      dimensions: { ...dimensions, ...sliceDimensions(slice) },
      boot: view.boot,
      measured: reason === null ? measured() : missing(reason),
    });
    const { max } = rounds;
    return [
      figure('p50', () => quantileOf(rounds, 0.5)),
      figure('p90', () => quantileOf(rounds, 0.9)),
      figure('max', () => (max === null ? missing('no-rounds') : { value: max })),
    ];
  });
}

/** Over the whole cell, warm-up included, since the kernel's counts are. */
function upcallsPerRoundFigures(view: CellView, dimensions: Dimensions): Figure[] {
  const [role] = view.cell.containers.map((container) => container.role);
  if (role === undefined) return [];
  const where = { ...dimensions, ...roleDimensions(view.cell, role) };
  const measured = upcallsPerRound(view);
  return [{ name: 'storm.upcalls_per_round', unit: '1', dimensions: where, boot: view.boot, measured }];
}

function upcallsPerRound(view: CellView): Measured {
  const made = upcallsMade(view);
  if (made.count === null) return missing(view.counters === null ? reasonOf(view.boot) : 'not-counted');
  const rounds = view.counters?.rounds;
  if (rounds === undefined) return missing('not-counted');
  return rounds > 0 ? { value: made.count / rounds } : missing('no-rounds');
}
