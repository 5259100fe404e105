// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** The kernel looks for a key before it asks anybody, and takes one of another network: no mechanism can mend that. */
const bleeds = { 'dns-cache-separate': 'violated', 'dns-cache-separate-in-kernel': 'violated' } as const;

export const dnsCacheBleed: CheckScenario = {
  name: 'dns-cache-bleed',
  question: 'Is a name that was resolved for one network namespace returned, from a shared keyring, to another?',
  partOf: 'all',
  checks: ['dns-cache-bleed'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(bleeds)),
    ...byAgents(withRefusal(bleeds)),
    'session-rfc': { notApplicable: 'its module serves the key type user only' },
    null: noFloor,
  },
};
