// SPDX-License-Identifier: MIT
import { parseScript } from '../../../vm/fake/misbehaviour.ts';
import type { Campaign } from '../campaign.ts';

/** Two boots of one mechanism and its floor, in which nothing goes wrong but what is said. */
export function aCampaign(changes: Partial<Campaign> & { readonly guests?: string } = {}): Campaign {
  const { guests = '', ...others } = changes;
  return {
    seed: 1,
    asked: {
      mechanisms: ['keyagent-fd'],
      scenarios: ['agent-kill', 'fallbacks'],
      kernel: '6.1',
      machine: 'fake',
      boots: 2,
      seed: 1,
      quick: true,
    },
    script: parseScript(guests),
    storeFault: null,
    shortWrites: false,
    noRoomForBoot: null,
    interruption: null,
    cut: null,
    resumption: null,
    ...others,
  };
}
