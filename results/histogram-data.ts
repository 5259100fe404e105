// SPDX-License-Identifier: MIT
/**
 * A histogram as it is stored. It names its layout and version, and must agree with itself: buckets in order, counts that add
 * up, extremes inside the outer buckets. bench/measure/histogram.ts computes with it.
 */
import { z } from 'zod';
import { compiledWhenOften } from './compiled.ts';

export const histogramLayout = 'log-linear';
export const histogramVersion = 1;
export const histogramSubBits = 7;

const sub = 2 ** histogramSubBits;

/** The bucket a value (a whole number >= 0) falls into. */
export function bucketIndex(value: number): number {
  if (value < sub) return value;
  let e = Math.floor(Math.log2(value));
  // log2 of numbers near a power of two rounds; put it right.
  if (2 ** e > value) e--;
  else if (2 ** (e + 1) <= value) e++;
  const shift = e - histogramSubBits;
  return (shift + 1) * sub + Math.floor(value / 2 ** shift) - sub;
}

/** First and last value of a bucket, both inside it. */
export function bucketBounds(index: number): { readonly low: number; readonly high: number } {
  if (index < sub) return { low: index, high: index };
  const shift = Math.floor(index / sub) - 1;
  const low = (sub + (index % sub)) * 2 ** shift;
  return { low, high: low + 2 ** shift - 1 };
}

const count = z.int().min(0);

export const histogramSchema = z
  .strictObject({
    layout: z.literal(histogramLayout),
    version: z.literal(histogramVersion),
    sub_bits: z.literal(histogramSubBits),
    unit: z.literal('ns'),
    count,
    min: count.nullable(),
    max: count.nullable(),
    sum: count,
    buckets: z.array(z.tuple([count, z.int().min(1)])),
  })
  .superRefine((h, context) => {
    const wrong = disagreement(h);
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
  });

export const histogramChecker = compiledWhenOften(histogramSchema);

/** The stored form of a histogram. */
export type HistogramData = z.infer<typeof histogramSchema>;

function disagreement(h: {
  count: number;
  min: number | null;
  max: number | null;
  buckets: [number, number][];
}): string | null {
  let total = 0;
  let previous = -1;
  for (const [index, inBucket] of h.buckets) {
    if (index <= previous) return 'buckets are not in ascending order';
    previous = index;
    total += inBucket;
  }
  if (total !== h.count) return `buckets hold ${total} values, count says ${h.count}`;
  const first = h.buckets[0];
  const last = h.buckets.at(-1);
  if (first === undefined || last === undefined) {
    return h.min === null && h.max === null ? null : 'empty, yet it has a min or a max';
  }
  if (h.min === null || bucketIndex(h.min) !== first[0]) return 'min does not lie in the first bucket';
  if (h.max === null || bucketIndex(h.max) !== last[0]) return 'max does not lie in the last bucket';
  return null;
}

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
