// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withRefusal, withStock } from './common.ts';

const clean = {
  'dead-network-ends-request': 'held',
  'dead-network-is-not-pinned': 'held',
  'dead-network-leaves-no-key': 'held',
} as const;

export const networkEnd: CheckScenario = {
  name: 'network-end',
  question: 'When a network namespace is torn down in the middle of a request from there, does all of it go?',
  partOf: 'all',
  checks: ['network-end'],
  faults: ['network-torn-down'],
  // Far longer than the check waits: it must be the teardown that ends the request.
  timeoutMs: 30_000,
  routes: {
    // Nobody can kill who waits for a helper, and so the namespace stays.
    ...byHelpers(
      withStock({
        'dead-network-ends-request': 'violated',
        'dead-network-is-not-pinned': 'violated',
        'dead-network-leaves-no-key': 'held',
      }),
    ),
    ...byAgents(withRefusal(clean)),
    // Its requester can be killed, and leaves the key under construction as long as the agent has the authority over it.
    'session-rfc': withStock({ ...clean, 'dead-network-leaves-no-key': 'violated' }),
    null: noFloor,
  },
};
