// SPDX-License-Identifier: MIT
import { type PairSide, pairSides } from '../../results/manifest.ts';
import { randomOf } from '../plan/random.ts';

/** Told from the seed of a plan, which decides about its boots, so that neither order follows from the other. */
const salt = 0x70616972;

/**
 * Which side is measured first, for so many blocks: each as often as the other (but for one), in an order drawn from the seed. What
 * compares them takes a block to have been as likely the other way round.
 */
export function firstSides(blocks: number, seed: number): PairSide[] {
  const random = randomOf(seed ^ salt);
  const [odd] = random.shuffle(pairSides);
  const halves = Array.from({ length: blocks }, (_, i) => (i % 2 === 0 ? odd : pairSides.find((side) => side !== odd)));
  return random.shuffle(halves.filter((side) => side !== undefined));
}

/** Both sides of each block, in their order. */
export function sidesInOrder(first: readonly PairSide[]): PairSide[][] {
  return first.map((side) => [side, ...pairSides.filter((other) => other !== side)]);
}
