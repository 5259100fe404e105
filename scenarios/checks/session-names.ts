// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const separate = { 'session-name-gives-new-keyring': 'held', 'session-name-gives-no-service': 'held' } as const;

export const sessionNames: CheckScenario = {
  name: 'session-names',
  question: 'Does joining another container’s session keyring by its name give a new keyring instead?',
  partOf: 'all',
  checks: ['session-name'],
  faults: ['join-by-name'],
  timeoutMs,
  routes: {
    // One helper serves everybody: by a name no service is gained.
    ...byHelpers(withStock({ 'session-name-gives-new-keyring': 'held' })),
    ...byAgents(withRefusal(separate)),
    'session-rfc': withStock(separate),
    null: noFloor,
  },
};
