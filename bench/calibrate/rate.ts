// SPDX-License-Identifier: MIT
import type { Rate } from './certificate.ts';

/** One comparison: of which blocks, and whether it happened. */
export interface Trial {
  readonly blocks: readonly number[];
  readonly happened: boolean;
}

/** Two-sided 95% of a normal distribution. */
const z95 = 1.959964;

/**
 * How often it happened, and where that lies for other boots. Comparisons share blocks, so that their number says little; how much the share
 * depends on which blocks there were is seen by leaving out one after the other (the jackknife; Efron and Stein, 1981).
 */
export function rateOf(trials: readonly Trial[], blocks: readonly number[]): Rate {
  const share = shareOf(trials);
  if (share === 0 || share === 1) return { share, interval: null };
  const without = blocks.flatMap((block) => {
    const left = trials.filter((trial) => !trial.blocks.includes(block));
    return left.length === 0 ? [] : [shareOf(left)];
  });
  if (without.length < blocks.length) return { share, interval: null };
  const middle = without.reduce((sum, each) => sum + each, 0) / without.length;
  const squares = without.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  const half = z95 * Math.sqrt(((without.length - 1) / without.length) * squares);
  return { share, interval: { low: Math.max(0, share - half), high: Math.min(1, share + half) } };
}

function shareOf(trials: readonly Trial[]): number {
  return trials.filter(({ happened }) => happened).length / trials.length;
}
