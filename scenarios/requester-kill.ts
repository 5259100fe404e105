// SPDX-License-Identifier: MIT
import {
  agentExpectation,
  byAgents,
  initExpectation,
  nsenterExpectation,
  rfcExpectation,
  usual,
  victimAndBystander,
} from './common.ts';
import type { Scenario } from './types.ts';

const windows = [
  {
    ms: 2_500,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'kill-requester', container: 'victim', atMs: 500, untilMs: 1_000, amount: 1 }],
  },
];

// A request that was cut off ends for nobody, so it is in no count of requests; but somebody was told of it.
const uncounted = { 'upcalls-as-expected': 'any', 'fault-took-effect': 'held' } as const;
const uncountedHelpers = { ...uncounted, 'host-helper-spawns': 'any' } as const;

export const requesterKill: Scenario = {
  ...usual,
  name: 'requester-kill',
  question:
    'When a requester is killed while it waits for an answer, is it gone at once, and does anybody else notice?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  routes: {
    init: { fallback: 'stock', expect: { ...initExpectation, ...uncountedHelpers } },
    nsenter: { fallback: 'stock', expect: { ...nsenterExpectation, ...uncountedHelpers } },
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...uncounted } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, 'fault-took-effect': 'held' } },
    null: { notApplicable: 'the floor answers in the kernel: nobody waits long enough to be killed at it' },
  },
};
