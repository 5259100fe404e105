// SPDX-License-Identifier: MIT
import { agentExpectation, byAgents, byHelpers, oneRouteForEachDelivery, usual, victimAndBystander } from './common.ts';
import type { Scenario } from './types.ts';

const windows = [
  {
    // Early, in the longest window there is: on a busy host whoever takes the place of one that was killed needs a second, and the memory
    // that it had takes up to three to be freed.
    ms: 5_000,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'squeeze-memory', container: 'victim', atMs: 300, untilMs: 1_000, amount: 8 }],
  },
];

const nobody = 'there is no agent that could leak';
// As in agent-kill: who dies is counted twice, as notified and as dead.
const { 'upcalls-as-expected': _uncounted, ...expected } = agentExpectation;
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const memorySqueezed: Scenario = {
  ...usual,
  name: 'memory-squeezed',
  question: 'When an agent leaks and the kernel kills it for that, again and again, what do its requests come to?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  // Far below the default, so that a request which only the timeout ends still ends within the window.
  timeoutMs: 1_000,
  expectedErrors: ['ENOKEY'],
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({ fallback: 'refuse', expect: { ...expected, ...survived } } as const),
    'session-rfc': { notApplicable: 'what a dead agent comes to there shows agent-kill' },
    null: { notApplicable: nobody },
  },
  except: oneRouteForEachDelivery,
};
