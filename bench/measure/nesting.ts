// SPDX-License-Identifier: MIT
/** What each level of user namespaces between a requester and its agent costs. */
import { type CellView, rolesOf } from '../../results/cell-view.ts';
import { durationUnit } from './dimensions.ts';
import { type Figure, type Measured, missing } from './figure.ts';
import { Histogram } from './histogram.ts';
import { okLatencies } from './latency.ts';
import type { Dimensions } from './metric.ts';
import { quantileOf } from './quantile.ts';

/** How deep the requesters of a cell run below their containers; null where the plan does not say, which is not at all. */
export function depthOf({ cell }: Pick<CellView, 'cell'>): number | null {
  return cell.containers[0]?.depth ?? null;
}

/**
 * nesting.per_level of one mechanism in one boot: the slope of the straight line (least squares) through the p50s at each depth.
 * `views` are the cells of one scenario and mechanism, one for each depth.
 */
export function nestingFigures(views: readonly CellView[], dimensions: Dimensions): Figure[] {
  const [first] = views;
  const depths = new Set(views.map(depthOf));
  if (first === undefined || depths.has(null) || depths.size < 2) return [];
  return rolesOf(first.cell).map((role) => ({
    name: 'nesting.per_level',
    unit: durationUnit(dimensions),
    dimensions: { ...dimensions, container: role },
    boot: first.boot,
    measured: slope(
      views.map((view) => {
        const latencies = okLatencies(view, { role, phase: 'steady' });
        const p50 = latencies instanceof Histogram ? quantileOf(latencies, 0.5) : missing(latencies.reason);
        return { depth: depthOf(view) ?? 0, p50 };
      }),
    ),
  }));
}

function slope(points: readonly { readonly depth: number; readonly p50: Measured }[]): Measured {
  const known: { depth: number; value: number }[] = [];
  for (const { depth, p50 } of points) {
    if (p50.value === null) return missing(p50.reason);
    known.push({ depth, value: p50.value });
  }
  const mean = (of: (point: (typeof known)[number]) => number) =>
    known.reduce((sum, p) => sum + of(p), 0) / known.length;
  const [x, y] = [mean(({ depth }) => depth), mean(({ value }) => value)];
  const spread = mean(({ depth }) => (depth - x) ** 2);
  return { value: mean(({ depth, value }) => (depth - x) * (value - y)) / spread };
}
