// SPDX-License-Identifier: MIT
import {
  agentExpectation,
  byAgents,
  initExpectation,
  nsenterExpectation,
  nullExpectation,
  rfcExpectation,
  usual,
} from './common.ts';
import type { Scenario } from './types.ts';

const requesters = 16;

// The storm's container rests, and its neighbour is alone: two requesters of an agent's end thousands of requests in that time, and a p99
// needs 1,000.
const alone = { ms: 2_500, maxRequests: 100_000, samples: false };
// Beside a storm its neighbour gets a ninth of the processor if everybody gets the same.
const beside = {
  ms: 5_000,
  maxRequests: 100_000,
  samples: true,
  faults: [{ name: 'storm-requesters', container: 'storm', atMs: 100, untilMs: 4_900 }],
};

const took = { 'fault-took-effect': 'held' } as const;
const unaffected = { 'bystander-unaffected': 'held' } as const;

export const stormBeside: Scenario = {
  ...usual,
  name: 'storm-beside',
  question: 'When 16 processes of one container miss a key each at once, again and again, who else waits for it?',
  partOf: 'all',
  containers: [
    { name: 'storm', requesters, agentUid: 0, requesterUid: 0, setuid: false, role: 'victim' },
    { name: 'bystander', requesters: 2, agentUid: 0, requesterUid: 0, setuid: false, role: 'bystander' },
  ],
  warmup: 3,
  windows: [alone, beside, beside, alone, beside, beside],
  quickWindows: [alone, beside, beside],
  // Declared beforehand. Eighteen that share a processor with equal rights make one of them nine times as slow as when they were two;
  // its tail may be twice that, and a neighbour that is queued behind the storm waits for whole rounds.
  bystanderFactor: 20,
  routes: {
    // Today's helper ends too few requests for a p99.
    init: { fallback: 'stock', expect: { ...initExpectation, ...took } },
    nsenter: { fallback: 'stock', expect: { ...nsenterExpectation, ...took } },
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...took, ...unaffected } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...took, ...unaffected } },
    null: { fallback: 'refuse', expect: { ...nullExpectation, ...took } },
  },
};
