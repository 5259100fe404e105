// SPDX-License-Identifier: MIT
/** For tests: the metrics of a made-up run, and one of them by its name. */
import * as assert from 'uvu/assert';
import type { CellPlan } from '../../../results/plan.ts';
import type { Unnumbered } from '../../../results/testing/frames.ts';
import { aPlan } from '../../../results/testing/plans.ts';
import { aRun, type Doctoring } from '../../../results/testing/runs.ts';
import type { Metric } from '../metric.ts';
import { metricsOf } from '../metrics.ts';

export function measured(cell: CellPlan, doctoring: Doctoring = {}, boots = 2): Metric[] {
  return metricsOf(aRun(aPlan([cell], boots), doctoring));
}

/** The one metric of that name whose dimensions agree with those given. */
export function one(
  metrics: readonly Metric[],
  name: string,
  dimensions: Record<string, string | number> = {},
): Metric {
  const fitting = metrics.filter(
    (metric) =>
      metric.name === name && Object.entries(dimensions).every(([key, value]) => metric.dimensions[key] === value),
  );
  assert.is(fitting.length, 1, `${fitting.length} metrics ${name} with ${JSON.stringify(dimensions)}`);
  return fitting[0] as Metric;
}

export const values = (metric: Metric): (number | null)[] => metric.samples.map(({ value }) => value);
export const reasons = (metric: Metric): (string | undefined)[] => metric.samples.map(({ reason }) => reason);

/** Changes frames of one type; null drops them. */
export function changing<T extends Unnumbered['t']>(
  t: T,
  change: (frame: Extract<Unnumbered, { t: T }>) => object | null,
): Doctoring {
  return {
    frame: (frame) => {
      if (frame.t !== t) return frame;
      const changes = change(frame as Extract<Unnumbered, { t: T }>);
      return changes === null ? null : ({ ...frame, ...changes } as Unnumbered);
    },
  };
}

export const panicInBoot1: Doctoring = {
  panicBefore: (frame, boot) => boot === 1 && frame.t === 'window' && frame.index === 1,
};
