// SPDX-License-Identifier: MIT
import { byAgents, byHelpers, usual, usualRoutes } from './common.ts';
import type { Scenario } from './types.ts';

// The same 2,000 requests, timed one by one and in two batches of 1,000, as neighbours: whatever the host does in half a second it
// does to both. Which comes first alternates (ABBA), so that a drift favours neither. Long enough that a window's ends
// do not count, short enough for 128 pairs in a few minutes: on an emulated processor one pair says little.
const timed = { ms: 5_000, maxRequests: 2_000, samples: false, timing: 'each' } as const;
const batched = { ...timed, timing: 'batch' } as const;
const twoPairs = [timed, batched, batched, timed];

const sameForAll = 'the hammer is the same for every route and delivery; keyagent-fd stands for the agents';

export const hammerOverhead: Scenario = {
  ...usual,
  name: 'hammer-overhead',
  question: 'How much of the throughput does it cost to time and check every request by itself?',
  partOf: 'itself',
  containers: [{ name: 'subject', requesters: 1, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  warmup: 200,
  windows: Array.from({ length: 64 }, () => twoPairs).flat(),
  quickWindows: Array.from({ length: 8 }, () => twoPairs).flat(),
  routes: {
    ...usualRoutes,
    ...byHelpers({ notApplicable: 'against an upcall of several milliseconds the hammer cannot be seen' }),
    // The null actor is the cheapest request there is: nowhere does the hammer weigh more.
    ...byAgents({ notApplicable: sameForAll }),
    session: usualRoutes.session,
    'session-rfc': { notApplicable: sameForAll },
  },
  except: { 'keyagent-signal': sameForAll, 'keyagent-fd-keyctl': sameForAll },
};
