// SPDX-License-Identifier: MIT
/**
 * What it costs to time each request by itself: throughput in windows that are timed so, against neighbours in which the clock is
 * read twice in 1,000 requests. Pairs of neighbours are compared, because whatever the host does lasts longer than
 * one: the logarithm of a pair's ratio is one difference of signed-rank.ts.
 */
import { bootsOf, cellsInBoot } from '../../results/boots.ts';
import { type CellView, cellView, type Role, rolesOf, windowsOf } from '../../results/cell-view.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { cellDimensions, machineDimensions, roleDimensions } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import type { Dimensions, Interval } from './metric.ts';
import { type Shift, shiftOf } from './signed-rank.ts';
import { throughputOf } from './throughput.ts';

/** hammer.overhead of one cell in one boot; none where windows are not timed in both ways. */
export function hammerFigures(view: CellView, dimensions: Dimensions): Figure[] {
  return rolesOf(view.cell)
    .filter(() => pairedWindows(view).length > 0)
    .map((role) => ({
      name: 'hammer.overhead',
      unit: '1',
      dimensions: { ...dimensions, ...roleDimensions(view.cell, role) },
      boot: view.boot,
      measured: overhead(pairLogs(view, role)),
    }));
}

/** One cell's overhead over all boots that measured it. */
export interface HammerOverhead {
  readonly dimensions: Dimensions;
  /** Share of the throughput that is lost, with its interval; or why there is none. */
  readonly overhead: Measured;
  readonly pairs: number;
  readonly boots: number;
}

/**
 * The pairs of all boots of a run as one sample, for each cell and role. How much boots differ is not in its interval: the samples
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
    if (first === undefined || pairedWindows(first).length === 0) return [];
    return rolesOf(cell).map((role): HammerOverhead => {
      const logs = views.map((view) => pairLogs(view, role));
      const measured = logs.flatMap((each) => ('values' in each ? [each.values] : []));
      const reason = logs.find((each) => 'reason' in each);
      const machine = machineDimensions(plan, first.boot, boots);
      return {
        dimensions: { ...cellDimensions(cell), ...machine, ...roleDimensions(cell, role) },
        overhead:
          measured.length === 0 && reason !== undefined ? overhead(reason) : overhead({ values: measured.flat() }),
        pairs: measured.reduce((sum, { length }) => sum + length, 0),
        boots: measured.length,
      };
    });
  });
}

type PairLogs = { readonly values: readonly number[] } | { readonly reason: string };

/** ln(timed/batched) of the throughput of each pair. */
function pairLogs(view: CellView, role: Role): PairLogs {
  const values: number[] = [];
  for (const { timed, batched } of pairedWindows(view)) {
    const [a, b] = [timed, batched].map((index) =>
      throughputOf(
        view,
        windowsOf(view, { role }).filter((window) => window.index === index),
      ),
    ) as [Measured, Measured];
    if (a.value === null) return { reason: a.reason };
    if (b.value === null) return { reason: b.reason };
    if (a.value === 0 || b.value === 0) return { reason: 'no-ok-requests' };
    values.push(Math.log(a.value / b.value));
  }
  return { values };
}

/** Neighbours of which one is timed one by one and the other in batches; no window is in two pairs. */
function pairedWindows({ cell }: CellView): { readonly timed: number; readonly batched: number }[] {
  const pairs: { timed: number; batched: number }[] = [];
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

function overhead(logs: PairLogs): Measured {
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
