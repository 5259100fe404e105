// SPDX-License-Identifier: MIT
/**
 * The shift of paired differences with an interval, after Wilcoxon, Hodges and Lehmann: the median of all means of two
 * (Walsh averages), and the averages between which a signed-rank test does not reject. It asks only that differences scatter alike
 * above and below their middle, not that they are normal: one window that the host disturbed does not decide anything.
 */
import type { Interval } from './metric.ts';
import { normalQuantile } from './normal-quantile.ts';

export interface Shift {
  readonly estimate: number;
  readonly interval: Interval;
}

export const confidence = 0.95;
/** Below this no signed-rank test can reject at that level, so that no interval is bounded. */
export const leastPairs = 6;
/** Up to here the distribution of the statistic is computed exactly. */
const exactUpTo = 60;

/** Null with fewer than `leastPairs` differences. */
export function shiftOf(differences: readonly number[]): Shift | null {
  const n = differences.length;
  if (n < leastPairs) return null;
  const sorted = [...differences].sort((a, b) => a - b);
  const averages = (n * (n + 1)) / 2;
  const rank = lowerRank(n);
  const middle = [Math.ceil(averages / 2), Math.floor(averages / 2) + 1].map((k) => walshAverage(sorted, k));
  return {
    estimate: ((middle[0] as number) + (middle[1] as number)) / 2,
    interval: {
      low: walshAverage(sorted, rank),
      high: walshAverage(sorted, averages + 1 - rank),
      confidence,
    },
  };
}

/** Rank of the Walsh average that bounds the interval from below: one more than the greatest statistic at which the test rejects. */
function lowerRank(n: number): number {
  const tail = (1 - confidence) / 2;
  if (n > exactUpTo) {
    const mean = (n * (n + 1)) / 4;
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return Math.max(1, Math.floor(mean - normalQuantile(1 - tail) * deviation));
  }
  const chances = signedRankChances(n);
  let cumulated = 0;
  let rank = 0;
  while (cumulated + (chances[rank] as number) <= tail) cumulated += chances[rank++] as number;
  return Math.max(1, rank);
}

/** P(W = w) for w = 0 … n(n+1)/2 when each rank from 1 to n is counted or not with equal chances. */
function signedRankChances(n: number): Float64Array {
  const most = (n * (n + 1)) / 2;
  const chances = new Float64Array(most + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let w = most; w >= 0; w--) {
      const counted = w >= rank ? (chances[w - rank] as number) : 0;
      chances[w] = ((chances[w] as number) + counted) / 2;
    }
  }
  return chances;
}

/** The k-th smallest mean of two values (or of one with itself), k from 1; found by halving, without making them all. */
function walshAverage(sorted: readonly number[], k: number): number {
  let low = sorted[0] as number;
  let high = sorted.at(-1) as number;
  if (averagesUpTo(sorted, low) >= k) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    // Neighbouring numbers: no mean lies between them.
    if (middle <= low || middle >= high) return high;
    if (averagesUpTo(sorted, middle) >= k) high = middle;
    else low = middle;
  }
}

/** How many means of two values are at most `limit`. */
function averagesUpTo(sorted: readonly number[], limit: number): number {
  let count = 0;
  let partner = sorted.length - 1;
  for (let i = 0; i <= partner; i++) {
    while (partner >= i && (sorted[i] as number) + (sorted[partner] as number) > 2 * limit) partner--;
    if (partner < i) break;
    count += partner - i + 1;
  }
  return count;
}
