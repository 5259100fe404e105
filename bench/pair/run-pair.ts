// SPDX-License-Identifier: MIT
/** Two runs at once, block by block in turn, so that what changes on the host meanwhile is in both. */
import type { PairSide } from '../../results/manifest.ts';
import { blocksOf } from '../../results/shards.ts';
import { type RunParts, RunUnderWay } from '../run/run.ts';

/** Both sides' runs, of plans with the same blocks; which side of each block is first. */
export interface PairParts {
  readonly base: RunParts;
  readonly new: RunParts;
  readonly first: readonly PairSide[];
}

/**
 * Does both. A boot that fails keeps no other from being tried; an abort ends both runs, marked so.
 * @throws KeystormError when nothing more can be recorded of one of them; the other is then read as cut off, too.
 */
export async function runPair({ base, new: other, first }: PairParts): Promise<void> {
  const runs: Record<PairSide, RunUnderWay> = { base: new RunUnderWay(base), new: new RunUnderWay(other) };
  try {
    for (const [i, boots] of blocksOf(base.plan).entries()) {
      const block = boots[0]?.block;
      const sides: readonly PairSide[] = first[i] === 'new' ? ['new', 'base'] : ['base', 'new'];
      for (const side of sides) await runs[side].do(runs[side].boots.filter((boot) => boot.block === block));
    }
    for (const run of Object.values(runs)) run.finish();
  } finally {
    for (const run of Object.values(runs)) run.close();
  }
}
