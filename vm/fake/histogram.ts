// SPDX-License-Identifier: MIT
import { bucketIndex, type HistogramData } from '../../results/histogram-data.ts';

/** The stored histogram of whole, non-negative values. */
export function histogramOf(values: readonly number[]): HistogramData {
  const buckets = new Map<number, number>();
  let [min, max, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const value of values) {
    const index = bucketIndex(value);
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return {
    layout: 'log-linear',
    version: 1,
    sub_bits: 7,
    unit: 'ns',
    count: values.length,
    min: values.length === 0 ? null : min,
    max: values.length === 0 ? null : max,
    sum,
    buckets: [...buckets].sort(([a], [b]) => a - b),
  };
}
