// SPDX-License-Identifier: MIT
import { agentExpectation, byAgents, byHelpers, rfcExpectation } from './common.ts';
import { containers } from './containers.ts';
import type { Scenario } from './types.ts';

const oneForAll = 'no agent is involved that could be shared; scenario containers measures eight containers';

/** The price of sharing: whoever asks is answered from outside its namespaces. */
const fromOutside = { 'answered-in-own-namespaces': 'violated' } as const;

/** The containers of scenario `containers`; only whose agent answers them differs. */
export const sharedAgent: Scenario = {
  ...containers,
  name: 'shared-agent',
  question: 'What does one agent for eight containers cost, or save, against an agent in each?',
  partOf: 'all',
  topology: 'shared',
  routes: {
    ...byHelpers({ notApplicable: oneForAll }),
    ...byAgents({ fallback: 'refuse', expect: { ...agentExpectation, ...fromOutside } } as const),
    'session-rfc': { fallback: 'stock', expect: { ...rfcExpectation, ...fromOutside } },
    null: { notApplicable: oneForAll },
  },
};
