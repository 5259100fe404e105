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
    faults: [{ name: 'starve-answerer', container: 'victim', atMs: 500, untilMs: 1_500, amount: 20 }],
  },
];

const nobody = 'there is no agent whose processor time could be taken';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentStarved: Scenario = {
  ...usual,
  name: 'agent-starved',
  question: 'When an agent gets a fiftieth of a processor, is each request of its container served in the end?',
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
