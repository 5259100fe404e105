// SPDX-License-Identifier: MIT
/** Quantiles as measurements: a value, or why there is none. */
import { type Measured, missing } from './figure.ts';
import { type Histogram, samplesNeeded } from './histogram.ts';

/** Where a p999 says no more than a p99. */
export const usualQuantiles = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
] as const;

/** `missed`: starts never made, each of which counts as longer than any latency. */
export function quantileOf(histogram: Histogram, q: number, missed = 0): Measured {
  const value = histogram.quantile(q, missed);
  if (value !== null) return { value };
  if (histogram.count + missed >= samplesNeeded(q)) return missing('missed-starts');
  return missing(histogram.count === 0 ? 'no-ok-requests' : 'too-few-samples');
}
