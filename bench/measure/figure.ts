// SPDX-License-Identifier: MIT
/** One boot's figure on its way into a metric, and the grouping of figures into metrics. */
import type { BootView } from '../../results/boots.ts';
import type { CellView, WindowView } from '../../results/cell-view.ts';
import { type Dimensions, foldedUnit, type Interval, type Metric, type Sample, type Unit } from './metric.ts';

/** A value, or the reason why there is none. Never both, never neither. */
export type Measured =
  | {
      readonly value: number;
      readonly uncertainty?: number;
      readonly interval?: Interval;
      readonly requests?: readonly number[];
    }
  | { readonly value: null; readonly reason: string };

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly dimensions: Dimensions;
  readonly boot: BootView;
  readonly measured: Measured;
}

export function missing(reason: string): Measured {
  return { value: null, reason };
}

/** Why a frame that a finished boot must have sent is not there. */
export function reasonOf(boot: BootView): string {
  return boot.finished ? 'missing-frame' : boot.reason;
}

/**
 * Why figures cannot be taken from these windows; null if they can: all are here, none was cut short, and each says all that the
 * plan asked of it. What is not said is not 0: without a count of missed starts, say, quantiles would pass for those of all.
 */
export function obstacle(view: CellView, windows: readonly WindowView[]): string | null {
  if (windows.some(({ frame }) => frame === null)) return reasonOf(view.boot);
  if (windows.some(({ frame }) => frame?.truncated)) return 'truncated';
  const { kind, hitPercent } = view.cell.requests;
  const lacking = windows.some(
    ({ plan, frame }) =>
      (plan.rate !== undefined && frame?.arrivals === undefined) ||
      (plan.timing === 'batch' && frame?.batch === undefined) ||
      (hitPercent > 0 && frame?.hits === undefined) ||
      (kind !== 'fresh' && frame?.rounds === undefined),
  );
  return lacking ? 'not-reported' : null;
}

/**
 * Figures of the same name, unit and dimensions are the samples of one metric, in order of appearance. `hostOf`: who did a boot. Where a
 * guest was idle in one boot and not in another, the metric is of virtual time: instructions alone are in the count of all or of none.
 */
export function toMetrics(figures: readonly Figure[], hostOf: (boot: number) => string): Metric[] {
  const metrics = new Map<string, Metric & { unit: Unit; samples: Sample[] }>();
  // Figures of one slice share theirs.
  const keys = new Map<Dimensions, string>();
  for (const { name, unit, dimensions, boot, measured } of figures) {
    const own = keys.get(dimensions) ?? keyOf(dimensions);
    keys.set(dimensions, own);
    const key = `${name}\n${foldedUnit(unit)}\n${own}`;
    const metric = metrics.get(key) ?? { name, unit, dimensions, samples: [] };
    metrics.set(key, metric);
    const { index, block, seed } = boot.plan;
    // A boot that has no value was idle or not, nobody knows.
    if (metric.unit !== unit && measured.value !== null)
      metric.unit = metric.samples.some(({ value }) => value !== null) ? 'virtual-ns' : unit;
    metric.samples.push({ boot: index, block, host: hostOf(index), seed, ...measured });
  }
  return [...metrics.values()];
}

/** The same for dimensions that agree, in whatever order they stand. Texts are quoted, so that no two look alike. */
function keyOf(dimensions: Dimensions): string {
  let key = '';
  for (const name of Object.keys(dimensions).sort()) {
    const value = dimensions[name];
    key += `${name}=${typeof value === 'number' ? value : JSON.stringify(value)}\n`;
  }
  return key;
}
