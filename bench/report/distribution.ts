// SPDX-License-Identifier: MIT
/**
 * Latencies as curves: at each percentile the median over boots of the boots' own percentiles, as the table has it at p50, p90 and p99, and
 * their range. Never a percentile of all boots thrown together: a boot is one sample.
 */
import { type CellView, type Slice, windowsOf } from '../../results/cell-view.ts';
import { Histogram } from '../measure/histogram.ts';
import { okLatencies } from '../measure/latency.ts';
import { summarise } from './figures.ts';

export interface CurvePoint {
  /** The fraction of requests below. */
  readonly p: number;
  /** ns. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Curve {
  /** Ends where a boot has too few samples beyond. Empty if no boot has any. */
  readonly points: readonly CurvePoint[];
  /** Boots in it, of so many planned. */
  readonly boots: number;
  readonly planned: number;
  /** Why the others are not in it. */
  readonly reasons: readonly string[];
  /** Ok requests of all its boots. */
  readonly requests: number;
}

/** Every percent in the middle, and ever closer towards 1, as far as any run will have samples for. */
export const curvePercentiles: readonly number[] = [
  ...Array.from({ length: 89 }, (_, index) => (index + 1) / 100),
  ...[1, 2, 3, 4, 5].flatMap((nines) =>
    Array.from({ length: 12 }, (_, step) => Number((1 - 10 ** -(nines + step / 12)).toFixed(8))),
  ),
];

/** One curve of a slice of a cell, from what the cell's boots recorded. */
export function curveOf(views: readonly CellView[], slice: Slice): Curve {
  const reasons: string[] = [];
  const boots: { hist: Histogram; missed: number }[] = [];
  for (const view of views) {
    const hist = okLatencies(view, slice);
    if (!(hist instanceof Histogram)) reasons.push(`${hist.reason} in boot ${view.boot.plan.index}`);
    else if (hist.count === 0) reasons.push(`no-ok-requests in boot ${view.boot.plan.index}`);
    else boots.push({ hist, missed: missedStarts(view, slice) });
  }
  const points = curvePercentiles.flatMap((p): CurvePoint[] => {
    const values = boots.map(({ hist, missed }) => hist.quantile(p, missed));
    if (values.length === 0 || values.some((value) => value === null)) return [];
    const summary = summarise(new Map(values.map((value, boot) => [boot, { value: value as number }])));
    return summary === null ? [] : [{ p, median: summary.median, low: summary.min, high: summary.max }];
  });
  const requests = boots.reduce((sum, { hist }) => sum + hist.count, 0);
  return { points, boots: boots.length, planned: views.length, reasons, requests };
}

/** Starts of an open loop that were never made; each took longer than any that was. */
function missedStarts(view: CellView, slice: Slice): number {
  return windowsOf(view, slice).reduce((sum, { frame }) => sum + (frame?.arrivals?.missed ?? 0), 0);
}
