// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, patientMs, withRefusal, withStock } from './common.ts';

const refused = {
  'malformed-answer-is-told': 'held',
  'malformed-answer-keeps-request': 'held',
  'second-answer-refused': 'held',
  'first-answer-stands': 'held',
  'stranger-cannot-answer': 'held',
  'own-answer-still-taken': 'held',
} as const;

export const badAnswers: CheckScenario = {
  name: 'bad-answers',
  question: 'Is an answer that is malformed, too late or a stranger’s refused, without harm to the request?',
  partOf: 'all',
  checks: ['malformed-answer', 'second-answer', 'stranger-answer'],
  faults: ['malformed-answer', 'second-answer', 'stranger-answer'],
  timeoutMs: patientMs,
  routes: {
    ...byHelpers(withStock(refused)),
    ...byAgents(withRefusal(refused)),
    'session-rfc': withStock(refused),
    null: noFloor,
  },
};
