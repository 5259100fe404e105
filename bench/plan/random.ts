// SPDX-License-Identifier: MIT

/** A source of numbers that the same seed always repeats. */
export interface Random {
  /** An integer from 0 to 2^31 − 1. */
  int(): number;
  /** An integer from 0 to n − 1. */
  below(n: number): number;
  /** A number from 0 (included) to 1 (excluded). */
  unit(): number;
  /** A copy in an order drawn uniformly from all orders. */
  shuffle<T>(items: readonly T[]): T[];
}

/** SplitMix32 (Steele, Lea and Flood's SplitMix with 32-bit constants): one word of state, and any seed will do. */
export function randomOf(seed: number): Random {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
  const word = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const unit = () => word() / 2 ** 32;
  const below = (n: number) => Math.floor(unit() * n);
  return {
    int: () => word() >>> 1,
    below,
    unit,
    shuffle: (items) => {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [copy[last], copy[other]] = [copy[other] as (typeof copy)[number], copy[last] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
