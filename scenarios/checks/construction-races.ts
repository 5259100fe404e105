// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const raced = {
  'add-key-waits-for-construction': 'held',
  'add-key-race-leaves-one-key': 'held',
  'restriction-keeps-request': 'held',
  // The kernel's own, whoever answers: request_key(2) links the key before it is made, and looks at no restriction.
  'restricted-keyring-takes-nothing': 'violated',
} as const;

/** Who answers by the authority over the key may name a keyring. */
const linking = { 'restriction-stops-link': 'held' } as const;

export const constructionRaces: CheckScenario = {
  name: 'construction-races',
  question: 'Does a key under construction bear that its like is added, or its keyring restricted, meanwhile?',
  partOf: 'all',
  checks: ['add-key-race', 'restriction-race'],
  faults: ['add-key-race', 'restriction-race'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(raced)),
    ...byAgents(withRefusal(raced)),
    'session-rfc': withStock(raced),
    null: noFloor,
  },
  deliveries: { helper: linking, signal: linking, 'fd-keyctl': linking },
};
