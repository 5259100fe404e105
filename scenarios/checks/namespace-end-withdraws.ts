// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal } from './common.ts';

const namesNone = { notApplicable: 'registrations name no namespace' };
const ends = withRefusal({
  'registration-pins-no-namespace': 'held',
  'namespace-end-withdraws': 'held',
  'own-registration-ends-with-container': 'held',
});

export const namespaceEndWithdraws: CheckScenario = {
  name: 'namespace-end-withdraws',
  question: 'Does a registration let the namespaces that it names end, and go with them?',
  partOf: 'all',
  checks: ['namespace-end-withdraws'],
  faults: ['namespace-ends'],
  timeoutMs,
  routes: {
    ...byHelpers({ notApplicable: 'nothing is registered' }),
    ...byAgents(namesNone),
    userns: ends,
    intercept: ends,
    'session-rfc': namesNone,
    null: noFloor,
  },
};
