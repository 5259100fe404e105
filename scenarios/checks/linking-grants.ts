// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const nothingLinked = { notApplicable: 'nothing is linked: registrations are not keys' };
const granted = { 'linking-grants-service': 'held', 'unlinking-withdraws-service': 'held' } as const;

export const linkingGrants: CheckScenario = {
  name: 'linking-grants',
  question:
    'Does linking an agent’s key into a session keyring grant that session service, and unlinking it take it away?',
  partOf: 'all',
  checks: ['linking-grants'],
  timeoutMs,
  routes: {
    ...byHelpers(nothingLinked),
    ...byAgents(nothingLinked),
    session: withRefusal(granted),
    'session-rfc': withStock(granted),
    null: noFloor,
  },
};
