// SPDX-License-Identifier: MIT
/** Many campaigns, one after the other. */
import { drawCampaign } from './campaign.ts';
import { complaintsAbout } from './invariants/index.ts';
import type { Failed, Simulated } from './simulated.ts';
import { tallyOf } from './tally.ts';
import { enact } from './world.ts';

/** The campaigns of `count` seeds from `first` on. */
export async function simulate(first: number, count: number): Promise<Simulated> {
  const failed: Failed[] = [];
  const tally: Record<string, number> = {};
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await enact(drawCampaign(seed));
    const complaints = complaintsAbout(outcome);
    if (complaints.length > 0) failed.push({ seed, complaints });
    for (const word of tallyOf(outcome)) tally[word] = (tally[word] ?? 0) + 1;
  }
  return { campaigns: count, failed, tally };
}
