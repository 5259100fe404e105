// SPDX-License-Identifier: MIT
/** Fisher's exact test, one-sided: the relabelling of boots where what is compared of each is yes or no. */

/** How many there are, and how many of them are what is counted. */
export interface Part {
  readonly all: number;
  readonly those: number;
}

/** The chance that `other` has as many of those of both, or more, if any might as well have been any. */
export function chanceOfSoMany(base: Part, other: Part): number {
  const those = base.those + other.those;
  const whole = logChoose(base.all + other.all, those);
  let chance = 0;
  for (let k = other.those; k <= Math.min(other.all, those); k++)
    if (those - k <= base.all) chance += Math.exp(logChoose(other.all, k) + logChoose(base.all, those - k) - whole);
  return Math.min(1, chance);
}

function logChoose(n: number, k: number): number {
  let result = 0;
  for (let i = 1; i <= k; i++) result += Math.log((n - k + i) / i);
  return result;
}
