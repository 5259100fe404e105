// SPDX-License-Identifier: MIT
/**
 * Where a series changes, after Matteson and James (A nonparametric approach for multiple change point analysis of multivariate data, JASA 109,
 * 2014; https://arxiv.org/abs/1306.4933): the split at which the values before and after are farthest apart in energy distance, with exponent 1.
 * It asks nothing of how values are distributed. It says where, not whether: any series has such a place.
 */

export interface Split {
  /** The first value of what comes after. */
  readonly index: number;
  /** Their scaled divergence, Q̂. */
  readonly q: number;
}

/**
 * The split with the greatest Q̂ of all that leave at least `least` values on either side; null if there is none. As in the paper what comes after may end before
 * the series does, so that a second change does not hide the first. Takes time and memory of the square of the length.
 */
export function bestSplit(values: readonly number[], least = 1): Split | null {
  const n = values.length;
  let best: Split | null = null;
  /** towards[i * (n + 1) + j]: the sum of distances from values[i] to the first j values. */
  const towards = new Float64Array(n * (n + 1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const distance = Math.abs((values[i] as number) - (values[j] as number));
      towards[i * (n + 1) + j + 1] = (towards[i * (n + 1) + j] as number) + distance;
    }
  }
  const sumTo = (i: number, j: number) => towards[i * (n + 1) + j] as number;
  let before = 0;
  for (let index = 1; index <= n - least; index++) {
    before += sumTo(index - 1, index - 1);
    if (index < least) continue;
    let [between, after] = [0, 0];
    for (let last = index; last < n; last++) {
      between += sumTo(last, index);
      after += sumTo(last, last) - sumTo(last, index);
      const [a, b] = [index, last + 1 - index];
      if (b < least) continue;
      const q = divergence(between, before, after, a, b);
      if (best === null || q > best.q) best = { index, q };
    }
  }
  return best;
}

/** Q̂ of a values and b values, from the sums of distances of pairs between the two and within each. */
function divergence(between: number, first: number, second: number, a: number, b: number): number {
  const own = (sum: number, count: number) => (count < 2 ? 0 : (2 * sum) / (count * (count - 1)));
  return ((a * b) / (a + b)) * ((2 * between) / (a * b) - own(first, a) - own(second, b));
}
