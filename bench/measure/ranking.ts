// SPDX-License-Identifier: MIT
/**
 * Who may be called faster than whom. The boot is the sampling unit: what a mechanism came to is known as the range over its
 * boots, and where two ranges overlap nothing is claimed of the two. Ranking by medians alone would rank noise: of agents'
 * deliveries every order has been seen.
 */
import type { Metric } from './metric.ts';

/** Something to be ranked, and where it lies. */
export interface Ranked {
  readonly name: string;
  /** The median over boots. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly boots: number;
}

/** A quantile of a histogram may be off by half a bucket: this share of it, up or down. */
export const resolution = 0.004;

/** Fewer boots have no range to speak of. */
export const leastBoots = 2;

/**
 * What the samples of a metric come to over boots: their median, and their range widened by what each may be off by. Null if there are fewer
 * than `leastBoots`, for one figure says nothing of how others would differ, and if any has no value: what it would have been may lie anywhere.
 */
export function rangeOf(name: string, metric: Pick<Metric, 'samples'>): Ranked | null {
  const known = metric.samples.flatMap(({ value, uncertainty = 0 }) =>
    value === null ? [] : [{ value, uncertainty }],
  );
  if (known.length < Math.max(leastBoots, metric.samples.length)) return null;
  const values = known.map(({ value }) => value).sort((a, b) => a - b);
  const [lower, upper] = [values[(values.length - 1) >> 1] as number, values[values.length >> 1] as number];
  return {
    name,
    value: (lower + upper) / 2,
    low: Math.min(...known.map(({ value, uncertainty }) => value * (1 - resolution) - uncertainty)),
    high: Math.max(...known.map(({ value, uncertainty }) => value * (1 + resolution) + uncertainty)),
    boots: known.length,
  };
}

/**
 * Between whom no order is claimed: each group is of ranges that all overlap one another, and each pair that overlaps is in one of them.
 * Groups and their members are in the order of medians, for display only. Who overlaps with nobody is in none.
 */
export function overlapping(all: readonly Ranked[]): Ranked[][] {
  const byMedian = [...all].sort((a, b) => a.value - b.value);
  // Ranges that all overlap have a point in common, and so the greatest of their lower ends.
  const groups = byMedian.map(({ low }) => byMedian.filter((each) => each.low <= low && low <= each.high));
  return groups.filter(
    (group, index) =>
      group.length > 1 &&
      !groups.some(
        (other, at) =>
          (other.length > group.length || (other.length === group.length && at < index)) &&
          group.every((each) => other.includes(each)),
      ),
  );
}

/** True if the ranges have nothing in common. */
export function areApart(a: Ranked, b: Ranked): boolean {
  return a.high < b.low || b.high < a.low;
}

/**
 * How likely it is that the ranges of two mechanisms that do not differ are apart by chance, with m and n boots each:
 * of all orders of m + n equal draws, those that have either one's all first. At 3 boots each it is 1 in 10, at 5 1 in 126.
 */
export function chanceApart(m: number, n: number): number {
  let orders = 1;
  for (let i = 1; i <= n; i++) orders = (orders * (m + i)) / i;
  return Math.min(1, 2 / orders);
}
