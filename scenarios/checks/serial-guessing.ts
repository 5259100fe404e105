// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const guessed = {
  'guessed-serial-is-useless': 'held',
  // The kernel's own, whoever answers: it waits for the key, and returns its error, before it looks at permissions.
  'rejection-not-told-to-strangers': 'violated',
} as const;

export const serialGuessing: CheckScenario = {
  name: 'serial-guessing',
  question: 'Is the serial of a key under construction of no use to processes of other containers that guess it?',
  partOf: 'all',
  checks: ['serial-guess'],
  faults: ['serial-guessing'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(guessed)),
    ...byAgents(withRefusal(guessed)),
    'session-rfc': withStock(guessed),
    null: noFloor,
  },
};
