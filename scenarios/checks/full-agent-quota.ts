// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withStock } from './common.ts';

const refused = withStock({ 'full-agent-quota-is-edquot': 'held', 'full-agent-quota-leaves-no-key': 'held' });

/** With the fallback that would let a request escape. */
export const fullAgentQuota: CheckScenario = {
  name: 'full-agent-quota',
  question: 'When an agent’s quota of keys is full, is a requester told so at once, and does no key stay half built?',
  partOf: 'all',
  checks: ['full-agent-quota'],
  faults: ['full-agent-quota'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'there are no agents' }),
    ...byAgents(refused),
    'session-rfc': refused,
    null: noFloor,
  },
  deliveries: { 'fd-write': { notApplicable: 'nothing of the agent’s is linked anywhere: no quota is involved' } },
};
