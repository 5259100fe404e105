// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const exact = { 'rejection-is-exact': 'held', 'rejection-ends-with-its-time': 'held' } as const;

export const rejections: CheckScenario = {
  name: 'rejections',
  question:
    'Does a rejection reach the requester as exactly that error, for as long as the answerer said and no longer?',
  partOf: 'all',
  checks: ['rejection'],
  faults: ['reject-with-errno'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(exact)),
    ...byAgents(withRefusal(exact)),
    'session-rfc': withStock(exact),
    null: noFloor,
  },
};
