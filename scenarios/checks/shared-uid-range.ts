// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** Quotas and permissions of keys are the kernel's, and go by the uid: no mechanism can mend that. */
const byUid = {
  'shared-range-quota-separate': 'violated',
  'shared-range-keys-hidden': 'violated',
  'shared-range-answered-by-own': 'held',
} as const;

export const sharedUidRange: CheckScenario = {
  name: 'shared-uid-range',
  question: 'Do two containers that were given the same range of ids disturb one another?',
  partOf: 'all',
  checks: ['shared-uid-range'],
  faults: ['shared-uid-range'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(byUid)),
    ...byAgents(withRefusal(byUid)),
    'session-rfc': withStock(byUid),
    null: noFloor,
  },
};
