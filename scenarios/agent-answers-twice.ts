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

// The second is a rejection: if it counted, requests would fail.
const windows = [
  {
    ms: 2_500,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'repeat-answerer', container: 'victim', atMs: 500, untilMs: 1_500 }],
  },
];

const nobody = 'there is no agent that could do it';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentAnswersTwice: Scenario = {
  ...usual,
  name: 'agent-answers-twice',
  question: 'When an agent answers each request twice, does the first answer stand?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...survived } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...survived } },
    null: { notApplicable: nobody },
  },
  except: oneRouteForEachDelivery,
};
