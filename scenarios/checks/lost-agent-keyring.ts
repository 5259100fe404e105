// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withStock } from './common.ts';

/** With the fallback that would let a request escape. */
export const lostAgentKeyring: CheckScenario = {
  name: 'lost-agent-keyring',
  question: 'When an agent’s keyring is revoked or cleared, are its requests refused rather than left waiting?',
  partOf: 'all',
  checks: ['lost-agent-keyring'],
  faults: ['revoked-agent-keyring', 'cleared-agent-keyring'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'there are no agents' }),
    ...byAgents(withStock({ 'revoked-keyring-refuses': 'held', 'cleared-keyring-refuses': 'held' })),
    // As posted nothing bounds the wait for an agent that has been told and cannot answer any more.
    'session-rfc': withStock({ 'revoked-keyring-refuses': 'held', 'cleared-keyring-refuses': 'violated' }),
    null: noFloor,
  },
  deliveries: { 'fd-write': { notApplicable: 'its agents need no keyring' } },
};
