// SPDX-License-Identifier: MIT
/**
 * What the boots could have been called, if it made no difference which of them are base and which new: in blocks each pair one way or the
 * other, else any as many of all boots. All of them where they are few, else so many drawn at random, beside what they were called.
 */
import { randomOf } from '../../plan/random.ts';
import type { Shape } from './values.ts';

/** Up to here all of them are looked at; beyond, so many: a chance of 0.01 is then known to within 0.001. */
const most = 10_000;
/** No chance is smaller, whatever the boots are: with an alpha below, nothing would ever be told from chance. */
export const leastAlpha = 1 / most;
/** Any will do: with it, the same runs give the same figures. */
export const relabellingSeed = 1;

export interface Relabellings {
  readonly kind: 'all' | 'drawn';
  /** What the boots were called is one of them. */
  readonly count: number;
  /** Every one but what the boots were called. Of each boot (paired: each block) 1 or −1, new or base (paired: as it was or turned round). The array is used again. */
  readonly others: () => Generator<Int8Array>;
}

/** How many there are, those that only exchange base and new everywhere not counted twice where pairs allow it. */
export function relabellingsOf(shape: Shape): number {
  if (shape.kind === 'paired') return 2 ** (shape.blocks - 1);
  return Math.round(choose(shape.base + shape.new, shape.new));
}

/**
 * The least chance that any difference, however large, can have: of all relabellings those that look as extreme. Were it above α, nothing could
 * ever be told from chance.
 */
export function leastChance(shape: Shape): number {
  // With as many boots on both sides, exchanging all of them is as extreme.
  const alike = shape.kind === 'separate' && shape.base === shape.new ? 2 : 1;
  return alike / relabellingsOf(shape);
}

/** How many blocks, or boots a side, are the fewest with which a chance of `alpha` can be undercut. */
export function leastBoots(kind: Shape['kind'], alpha: number): number {
  let n = 1;
  while (leastChance(kind === 'paired' ? { kind, blocks: n } : { kind, base: n, new: n }) > alpha) n++;
  return n;
}

export function relabellings(shape: Shape): Relabellings {
  const count = relabellingsOf(shape);
  if (count <= most) return { kind: 'all', count, others: () => all(shape) };
  return { kind: 'drawn', count: most, others: () => drawn(shape) };
}

/** What the boots were called. */
export function asTheyWere(shape: Shape): Int8Array {
  if (shape.kind === 'paired') return new Int8Array(shape.blocks).fill(1);
  return Int8Array.from({ length: shape.base + shape.new }, (_, i) => (i < shape.base ? -1 : 1));
}

function* all(shape: Shape): Generator<Int8Array> {
  if (shape.kind === 'paired') {
    // The last block stays as it was: turning all of them round changes the sign of a statistic, no more.
    const signs = asTheyWere(shape);
    for (let pattern = 1; pattern < 2 ** (shape.blocks - 1); pattern++) {
      for (let i = 0; i < shape.blocks - 1; i++) signs[i] = (pattern >> i) & 1 ? -1 : 1;
      yield signs;
    }
    return;
  }
  // In lexical order, of which what they were called is the first.
  const labels = asTheyWere(shape);
  while (nextPermutation(labels)) yield labels;
}

function* drawn(shape: Shape): Generator<Int8Array> {
  const random = randomOf(relabellingSeed);
  const labels = asTheyWere(shape);
  for (let k = 1; k < most; k++) {
    if (shape.kind === 'paired') {
      for (let i = 0; i < labels.length; i++) labels[i] = random.below(2) === 1 ? 1 : -1;
    } else labels.set(random.shuffle([...labels]));
    yield labels;
  }
}

/** The next arrangement in lexical order, in place; false after the last. */
function nextPermutation(labels: Int8Array): boolean {
  let i = labels.length - 2;
  while (i >= 0 && (labels[i] as number) >= (labels[i + 1] as number)) i--;
  if (i < 0) return false;
  let j = labels.length - 1;
  while ((labels[j] as number) <= (labels[i] as number)) j--;
  [labels[i], labels[j]] = [labels[j] as number, labels[i] as number];
  labels.subarray(i + 1).reverse();
  return true;
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}
