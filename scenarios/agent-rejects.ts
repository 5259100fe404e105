// SPDX-License-Identifier: MIT
import {
  agentExpectation,
  byAgents,
  byHelpers,
  oneRouteForEachDelivery,
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
    faults: [{ name: 'reject-answerer', container: 'victim', atMs: 500, untilMs: 1_500, amount: 129 }],
  },
];

const nobody = 'there is no agent that could do it';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentRejects: Scenario = {
  ...usual,
  name: 'agent-rejects',
  question:
    'When an agent rejects what it is asked, do its requesters get exactly its errno, and an answer as soon as it gives one?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  expectedErrors: ['EKEYREJECTED'],
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...survived } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...survived } },
    null: { notApplicable: nobody },
  },
  except: oneRouteForEachDelivery,
};
