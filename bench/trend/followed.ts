// SPDX-License-Identifier: MIT
/** Which figures a history follows, and what is better. */
import { comparedAs, comparedNames, type JudgedMetric } from '../compare/judged.ts';
import type { Metric } from '../measure/metric.ts';

type Named = Pick<Metric, 'name' | 'dimensions'>;

/** As `compare` judges it; null for what it does not judge, or tells from single requests, of which a history keeps none. */
export function followedAs(metric: Named): JudgedMetric | null {
  const judged = comparedAs(metric);
  return judged?.requestByRequest === true ? null : judged;
}

/** By either clock: names that `--metric` takes. */
export const followedNames = comparedNames.filter((name) =>
  ['wall', 'icount'].some((clock) => followedAs({ name, dimensions: { clock } }) !== null),
);
