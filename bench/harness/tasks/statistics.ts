// SPDX-License-Identifier: MIT
import { judge } from '../../judge/judge.ts';
import { Histogram } from '../../measure/histogram.ts';
import { metricsOf } from '../../measure/metrics.ts';
import { randomOf } from '../../plan/random.ts';
import type { HarnessTask } from '../task.ts';
import type { HarnessData } from './data.ts';

const values = 1_000;
const windows = 64;

/** From records to figures and verdicts. */
export function statisticsTasks({ run }: HarnessData): HarnessTask[] {
  const group = 'statistics';
  const latencies = madeUpLatencies(values);
  const histogram = histogramOf(latencies);
  const stored = histogram.toJSON();
  const many = Array.from({ length: windows }, () => histogram);
  const cells = run.manifest.plan.cells.length * run.manifest.plan.boots.length;
  return [
    {
      group,
      name: `record ${values} values in a histogram`,
      per: { count: values, unit: 'value' },
      operation: () => histogramOf(latencies),
    },
    { group, name: `read a stored histogram of ${values} values`, operation: () => Histogram.from(stored) },
    { group, name: `merge ${windows} histograms`, operation: () => Histogram.merged(many) },
    {
      group,
      name: 'p50, p90 and p99 of a histogram',
      operation: () => [0.5, 0.9, 0.99].map((q) => histogram.quantile(q)),
    },
    {
      group,
      name: 'metrics of the run',
      per: { count: cells, unit: 'cell' },
      operation: () => metricsOf(run),
    },
    { group, name: 'judge the run', per: { count: cells, unit: 'cell' }, operation: () => judge(run) },
  ];
}

/** Spread over three orders of magnitude, like an upcall's; the same in every run. */
function madeUpLatencies(n: number): number[] {
  const random = randomOf(1);
  return Array.from({ length: n }, () => Math.round(50_000 * 1_000 ** random.unit()));
}

function histogramOf(latencies: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const each of latencies) histogram.record(each);
  return histogram;
}
