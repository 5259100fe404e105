// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const both = { 'recursion-ends': 'held', 'recursion-keeps-context': 'held' } as const;

export const answererAsks: CheckScenario = {
  name: 'answerer-asks',
  question: 'When whoever answers asks for a key itself, does nobody wait for ever, and whose request is it?',
  partOf: 'all',
  checks: ['answerer-asks'],
  faults: ['answerer-asks'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(both)),
    ...byAgents(withRefusal(both)),
    // As posted there is no bound: an agent that has to wait for itself does so until somebody kills it.
    'session-rfc': withStock({ 'recursion-ends': 'violated' }),
    null: noFloor,
  },
};
