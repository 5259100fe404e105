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
    // One fetch in eight loses all three of its datagrams.
    faults: [{ name: 'lose-packets', container: 'victim', atMs: 300, untilMs: 1_800, amount: 50 }],
  },
];

const nobody = 'a helper has no server to ask';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const packetsLost: Scenario = {
  ...usual,
  name: 'packets-lost',
  question:
    'When packets to the server that an agent asks are lost, does it bound the wait, and does anybody else wait?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  // What the agent says when it gives up: its own deadline comes long before the module's.
  expectedErrors: ['ETIMEDOUT'],
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...survived } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...survived } },
    null: { notApplicable: nobody },
  },
  except: oneRouteForEachDelivery,
};
