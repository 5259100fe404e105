// SPDX-License-Identifier: MIT
/**
 * By how much more one set of requests takes than another: the median of all differences of a request of the one and a request of the other
 * (Hodges and Lehmann). What a request takes is in most cases one of a few figures far apart, by how a tree of keys happens to stand, and a rare one
 * takes many times as much; a mean is moved by how many of each there were, and a median by several percent where it lies at the edge of two. The
 * differences have one peak in their middle, of requests that fared alike, and it is where the path that all of them went has become longer.
 */

/**
 * Both in whole numbers, ascending and not empty. Of an even number of differences it is the mean of the middle two, so that it is the same both ways
 * round: the upper one is what the lower one is of the sides exchanged, with the other sign.
 */
export function requestShift(base: readonly number[], other: readonly number[]): number {
  return (lowerMedian(base, other) - lowerMedian(other, base)) / 2;
}

/** The least difference below or at which half of all lie. */
function lowerMedian(base: readonly number[], other: readonly number[]): number {
  let low = (other[0] as number) - (base.at(-1) as number);
  let high = (other.at(-1) as number) - (base[0] as number);
  const half = (base.length * other.length) / 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (differencesUpTo(base, other, middle) >= half) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many differences, of any of other and any of base, are at most `limit`. */
function differencesUpTo(base: readonly number[], other: readonly number[], limit: number): number {
  let [count, upTo] = [0, 0];
  for (const from of base) {
    while (upTo < other.length && (other[upTo] as number) - from <= limit) upTo++;
    count += upTo;
  }
  return count;
}
