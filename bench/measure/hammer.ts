// SPDX-License-Identifier: MIT
/**
 * What it costs to time each request by itself: throughput in windows that are timed so, against neighbours in which the clock is
 * read twice in 1,000 requests. Pairs of neighbours are compared, because whatever the host does lasts longer than
 * one. Two pairs of opposite order make a block, whose mean logarithm is one difference of signed-rank.ts: a drift, or a
 * cost of coming first, cancels within it, and what one window leaves behind for the next (which pairs of alternating order
 * would share, and an interval over pairs be too narrow for) is within it too.
 */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView, type Role, rolesOf, windowsOf } from '../../results/cell-view.ts';
import type { CellPlan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { cellDimensions, machineDimensions, roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import type { Dimensions, Interval } from './metric.ts';
import { type Shift, shiftOf } from './signed-rank.ts';
import { throughputOf } from './throughput.ts';

/** hammer.overhead of one cell in one boot; none where windows are not timed in both ways. */
export function hammerFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return rolesOf(view.cell)
    .filter(() => blocksOf(view).length > 0)
    .map((role) => ({
      name: 'hammer.overhead',
      unit: '1',
      dimensions: { ...dimensions, ...roleDimensions(view.cell, role) },
      boot: view.boot,
      measured: overhead(blockLogs(view, role)),
    }));
}

/** One cell's overhead over all boots that measured it. */
export interface HammerOverhead {
  readonly dimensions: Dimensions;
  /** Share of the throughput that is lost, with its interval; or why there is none. */
  readonly overhead: Measured;
  /** Pairs of windows in the blocks. */
  readonly pairs: number;
  readonly boots: number;
}

/**
 * The blocks of all boots of a run as one sample, for each cell and role. How much boots differ is not in its interval: the samples
 * of the metric show that.
 */
export function hammerOverheads(run: StoredRun): HammerOverhead[] {
  const { plan } = run.manifest;
  const boots = bootsOf(plan, run.records);
  return plan.cells.flatMap((cell) => {
    const views = boots
      .filter((boot) => cellsInBoot(plan, boot.plan).includes(cell))
      .map((boot) => cellView(cell, boot));
    const [first] = views;
    if (first === undefined || blocksOf(first).length === 0) return [];
    return rolesOf(cell).map((role): HammerOverhead => {
      const logs = views.map((view) => blockLogs(view, role));
      const measured = logs.flatMap((each) => ('values' in each ? [each.values] : []));
      const reason = logs.find((each) => 'reason' in each);
      const machine = machineDimensions(plan, first.boot, boots);
      return {
        dimensions: { ...cellDimensions(cell), ...machine, ...roleDimensions(cell, role) },
        overhead:
          measured.length === 0 && reason !== undefined ? overhead(reason) : overhead({ values: measured.flat() }),
        pairs: 2 * measured.reduce((sum, { length }) => sum + length, 0),
        boots: measured.length,
      };
    });
  });
}

type Logs = { readonly values: readonly number[] } | { readonly reason: string };

/** ln(timed/batched) of the throughput, of each block. */
function blockLogs(view: CellView, role: Role): Logs {
  const values: number[] = [];
  for (const block of blocksOf(view)) {
    let sum = 0;
    for (const { timed, batched } of block) {
      const [a, b] = [timed, batched].map((index) =>
        throughputOf(
          view,
          windowsOf(view, { role }).filter((window) => window.index === index),
        ),
      ) as [Measured, Measured];
      if (a.value === null) return { reason: a.reason };
      if (b.value === null) return { reason: b.reason };
      if (a.value === 0 || b.value === 0) return { reason: 'no-ok-requests' };
      sum += Math.log(a.value / b.value);
    }
    values.push(sum / block.length);
  }
  return { values };
}

interface Pair {
  readonly timed: number;
  readonly batched: number;
}

/** Two neighbouring pairs, of which one begins with the timed window and the other with the batched one. */
type Block = readonly [Pair, Pair];

/** No window is in two of them; a pair without one that is its mirror is in none. */
function blocksOf({ cell }: CellView): Block[] {
  const blocks: Block[] = [];
  const pairs = pairsOf(cell);
  for (let i = 0; i + 1 < pairs.length; i++) {
    const [one, other] = [pairs[i] as Pair, pairs[i + 1] as Pair];
    if (one.timed < one.batched === other.timed < other.batched) continue;
    blocks.push([one, other]);
    i++;
  }
  return blocks;
}

/** Neighbours of which one is timed one by one and the other in batches. */
function pairsOf(cell: CellPlan): Pair[] {
  const pairs: Pair[] = [];
  const kind = (index: number): 'timed' | 'batched' | null => {
    const window = cell.windows[index];
    if (window === undefined || window.fault !== undefined || window.rate !== undefined) return null;
    return window.timing === 'batch' ? 'batched' : 'timed';
  };
  for (let i = 0; i + 1 < cell.windows.length; i++) {
    const [one, other] = [kind(i), kind(i + 1)];
    if (one === null || other === null || one === other) continue;
    pairs.push(one === 'timed' ? { timed: i, batched: i + 1 } : { timed: i + 1, batched: i });
    i++;
  }
  return pairs;
}

function overhead(logs: Logs): Measured {
  if ('reason' in logs) return missing(logs.reason);
  const shift = shiftOf(logs.values);
  return shift === null ? missing('too-few-pairs') : lost(shift);
}

/** 1 − ratio; the interval turns round. */
function lost({ estimate, interval }: Shift): Measured {
  const value = -Math.expm1(estimate);
  const turned: Interval = { ...interval, low: -Math.expm1(interval.high), high: -Math.expm1(interval.low) };
  return { value, uncertainty: Math.max(turned.high - value, value - turned.low), interval: turned };
}
