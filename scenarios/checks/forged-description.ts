// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const noIdentity = { 'forged-text-is-no-identity': 'held' } as const;

/** What cifs.upcall was told by its own kernel's text, until somebody else wrote one. */
export const forgedDescription: CheckScenario = {
  name: 'forged-description',
  question: 'Is an unprivileged user that claims to be somebody else in the text of a request taken for what it is?',
  partOf: 'all',
  checks: ['forged-description'],
  faults: ['forged-description'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(noIdentity)),
    ...byAgents(withRefusal(noIdentity)),
    'session-rfc': withStock(noIdentity),
    null: noFloor,
  },
};
