// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withRefusal, withStock } from './common.ts';

const bounded = {
  'churned-keys-return': 'held',
  // Today's collector takes dead links out of a keyring and goes on charging for them: no mechanism can mend that.
  'churned-bytes-return': 'violated',
  'collector-bounded': 'held',
} as const;

export const negativeKeyChurn: CheckScenario = {
  name: 'negative-key-churn',
  question:
    'When many requests are rejected, does the requester get its quota back, for a bounded time of the collector?',
  partOf: 'all',
  checks: ['negative-key-churn'],
  faults: ['negative-key-churn'],
  timeoutMs: 30_000,
  routes: {
    ...byHelpers(withStock(bounded)),
    ...byAgents(withRefusal(bounded)),
    'session-rfc': withStock(bounded),
    null: noFloor,
  },
};
