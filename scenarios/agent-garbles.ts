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

// The right answer follows each of them: no request may fail, and none be late.
const windows = [
  {
    ms: 2_500,
    maxRequests: 100_000,
    samples: true,
    faults: [
      { name: 'garble-answerer', container: 'victim', atMs: 300, untilMs: 900 },
      { name: 'misnumber-answerer', container: 'victim', atMs: 1_200, untilMs: 1_800 },
    ],
  },
];

const nobody = 'there is no agent that could do it';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentGarbles: Scenario = {
  ...usual,
  name: 'agent-garbles',
  question:
    'When an agent gives answers that are none, or for other requests, is anything taken for an answer, and is a request lost?',
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
