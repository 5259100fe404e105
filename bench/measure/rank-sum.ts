// SPDX-License-Identifier: MIT
/**
 * The shift between two samples with an interval, after Mann, Whitney, Hodges and Lehmann: the median of all differences of a value of one and a value of
 * the other, and the differences between which a rank-sum test does not reject. The twin of signed-rank.ts, for what is not paired.
 */
import { median } from './median.ts';
import { normalQuantile } from './normal-quantile.ts';
import { confidence, type Shift } from './signed-rank.ts';

/** Up to so many differences the distribution of the statistic is computed exactly. */
const exactUpTo = 2_500;

/** From `base` to `other`; null where no test can reject at that level, so that no interval is bounded (three values each, say). */
export function shiftBetween(base: readonly number[], other: readonly number[]): Shift | null {
  const rank = lowerRank(base.length, other.length);
  if (rank === null) return null;
  const differences = other.flatMap((value) => base.map((from) => value - from)).sort((a, b) => a - b);
  return {
    estimate: median(differences),
    interval: {
      low: differences[rank - 1] as number,
      high: differences[differences.length - rank] as number,
      confidence,
    },
  };
}

/** Rank of the difference that bounds the interval from below: one more than the greatest statistic at which the test rejects. */
function lowerRank(m: number, n: number): number | null {
  const tail = (1 - confidence) / 2;
  if (m * n > exactUpTo) {
    const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
    return Math.max(1, Math.floor((m * n) / 2 - normalQuantile(1 - tail) * deviation));
  }
  const chances = rankSumChances(m, n);
  let cumulated = 0;
  let rank = 0;
  while (cumulated + (chances[rank] as number) <= tail) cumulated += chances[rank++] as number;
  return rank === 0 ? null : rank;
}

/** P(U = u) for u = 0 … mn when every order of m + n equal draws is as likely: the last in order is one of either sample. */
function rankSumChances(m: number, n: number): Float64Array {
  // Of i values of the one and j of the other, in rows of i; a row is made of itself and the one before.
  let rows: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const chances = new Float64Array(i * j + 1);
      const [fewer, shorter] = [rows[j] as Float64Array, next[j - 1] as Float64Array];
      // The greatest is of the one: it exceeds all j of the other. Or of the other: it exceeds none that counts.
      fewer.forEach((chance, u) => {
        chances[u + j] = (chance * i) / (i + j);
      });
      shorter.forEach((chance, u) => {
        chances[u] = (chances[u] as number) + (chance * j) / (i + j);
      });
      next.push(chances);
    }
    rows = next;
  }
  return rows[n] as Float64Array;
}
