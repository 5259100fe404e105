// SPDX-License-Identifier: MIT
/** Many campaigns, one after the other. */
import { drawCampaign } from './campaign.ts';
import { complaintsAbout } from './invariants/index.ts';
import { tallyOf } from './tally.ts';
import { enact } from './world.ts';

export interface Failed {
  readonly seed: number;
  readonly complaints: readonly string[];
}

export interface Simulated {
  readonly campaigns: number;
  readonly failed: readonly Failed[];
  /** How many campaigns had what: a simulation in which something never occurs says nothing about it. */
  readonly tally: Readonly<Record<string, number>>;
}

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

/** The command that does one campaign again, and shows what happens in it. */
export function replayCommand(seed: number): string {
  return `npm run simulate -- --seed ${seed}`;
}

/** What failed, for people, each with the command that shows it; '' if nothing did. */
export function failedText(failed: readonly Failed[]): string {
  const shown = failed
    .slice(0, 10)
    .map(({ seed, complaints }) => [`${replayCommand(seed)}`, ...complaints].join('\n  '));
  const more = failed.length > shown.length ? [`and ${failed.length - shown.length} more campaigns`] : [];
  return [...shown, ...more].join('\n');
}
