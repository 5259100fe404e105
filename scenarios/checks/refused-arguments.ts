// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const refused = {
  'unwritable-keyring-is-eacces': 'held',
  'unwritable-keyring-asks-nobody': 'held',
  'longest-callout-served': 'held',
  'bad-arguments-refused': 'held',
} as const;

export const refusedArguments: CheckScenario = {
  name: 'refused-arguments',
  question: 'Is a request that cannot be granted whatever the answer refused before anybody is asked?',
  partOf: 'all',
  checks: ['unwritable-keyring', 'argument-limits'],
  faults: ['keyring-not-writable', 'arguments-out-of-range'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(refused)),
    ...byAgents(withRefusal(refused)),
    'session-rfc': withStock(refused),
    null: noFloor,
  },
};
