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

// As in agent-kill: enough for the bystander's p99 without the fault.
const faultFree = { ms: 5_000, maxRequests: 2_000, samples: false };

// Half of it with an agent that takes its time, and the rest to see that it goes on as before.
const faulty = {
  ms: 3_000,
  maxRequests: 100_000,
  samples: true,
  faults: [{ name: 'slow-answerer', container: 'victim', atMs: 500, untilMs: 2_000, amount: 50 }],
};

const windows = [faultFree, faulty];
const nobody = 'there is no agent that could be slow';
const survived = { 'fault-took-effect': 'held', recovers: 'held' } as const;

export const agentSlow: Scenario = {
  // Bounds and errors among it: slow is not gone, so nothing times out and no request may fail for it.
  ...usual,
  name: 'agent-slow',
  question: 'When an agent takes 50 ms for each answer, who waits for it?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  bystanderFactor: 20,
  routes: {
    ...byHelpers({ notApplicable: nobody }),
    ...byAgents({
      fallback: 'refuse',
      expect: { ...agentExpectation, ...survived, 'bystander-unaffected': 'held' },
    } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...survived } },
    null: { notApplicable: nobody },
  },
  except: oneRouteForEachDelivery,
};
