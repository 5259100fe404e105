// SPDX-License-Identifier: MIT
/** Several runs at once, block by block in turn, so that what changes on the host meanwhile is in all of them. */
import { blocksOf } from '../../results/shards.ts';
import { type RunParts, RunUnderWay } from '../run/run.ts';

/** Runs of plans with the same blocks, by name; and for each block the names in the order in which it is done. */
export interface InTurn {
  readonly runs: Readonly<Record<string, RunParts>>;
  readonly order: readonly (readonly string[])[];
}

/**
 * Does all of them. A boot that fails keeps no other from being tried; an abort ends all runs, marked so.
 * @throws KeystormError when nothing more can be recorded of one of them; the others are then read as cut off, too.
 */
export async function runInTurn({ runs, order }: InTurn): Promise<void> {
  const underWay = new Map(Object.entries(runs).map(([name, parts]) => [name, new RunUnderWay(parts)]));
  try {
    for (const [i, names] of order.entries()) {
      for (const name of names) {
        const run = underWay.get(name);
        if (run !== undefined) await run.do(blocksOf(run.parts.plan)[i] ?? []);
      }
    }
    for (const run of underWay.values()) run.finish();
  } finally {
    for (const run of underWay.values()) run.close();
  }
}
