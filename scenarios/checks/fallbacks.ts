// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const nothingAbsent = { notApplicable: 'no agents are involved that could be absent' };

export const fallbacks: CheckScenario = {
  name: 'fallbacks',
  question: 'Does a request that no agent answers take the fallback that was declared, today’s helper or a refusal?',
  partOf: 'all',
  checks: ['fallbacks'],
  faults: ['no-agent'],
  timeoutMs,
  routes: {
    ...byHelpers(nothingAbsent),
    ...byAgents(withRefusal({ 'fallback-stock': 'held', 'fallback-refuse': 'held' })),
    // It knows no other.
    'session-rfc': withStock({ 'fallback-stock': 'held' }),
    null: noFloor,
  },
};
