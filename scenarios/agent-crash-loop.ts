// SPDX-License-Identifier: MIT
import { agentExpectation, byAgents, byHelpers, oneRouteForEachDelivery, usual, victimAndBystander } from './common.ts';
import type { Scenario } from './types.ts';

const windows = [
  {
    // On a busy host an agent is started again, and its last crash is over, a second late.
    ms: 4_000,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'crash-answerer', container: 'victim', atMs: 500, untilMs: 1_500 }],
  },
];

const nobody = 'there is no agent that could crash';
// As in agent-kill: who dies is counted twice, as notified and as dead.
const { 'upcalls-as-expected': _uncounted, ...expected } = agentExpectation;
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentCrashLoop: Scenario = {
  ...usual,
  name: 'agent-crash-loop',
  question:
    'When an agent crashes at every request and is started again each time, does each request end, and is it served once that is over?',
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
