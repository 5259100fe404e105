// SPDX-License-Identifier: MIT
import { agentExpectation } from './common.ts';
import { containers } from './containers.ts';
import type { Scenario } from './types.ts';

const oneForAll = 'no agent is involved that could be shared; scenario containers measures eight containers';

/** The containers of scenario `containers`; only whose agent answers them differs. */
export const sharedAgent: Scenario = {
  ...containers,
  name: 'shared-agent',
  question: 'What does one agent for eight containers cost, or save, against an agent in each?',
  partOf: 'all',
  topology: 'shared',
  routes: {
    init: { notApplicable: oneForAll },
    // The price of sharing: whoever asks is answered from outside its namespaces.
    session: { fallback: 'refuse', expect: { ...agentExpectation, 'answered-in-own-namespaces': 'violated' } },
    null: { notApplicable: oneForAll },
  },
};
