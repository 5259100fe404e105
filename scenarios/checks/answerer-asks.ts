// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const ends = { 'recursion-ends': 'held' } as const;
/** Of an answerer that is given authority; with `fd-write` it is given none, and what it asks for is its own affair. */
const acts = { 'recursion-keeps-context': 'held' } as const;

export const answererAsks: CheckScenario = {
  name: 'answerer-asks',
  question: 'When whoever answers asks for a key itself, does nobody wait for ever, and whose request is it?',
  partOf: 'all',
  checks: ['answerer-asks'],
  faults: ['answerer-asks'],
  timeoutMs,
  routes: {
    ...byHelpers(withStock(ends)),
    ...byAgents(withRefusal(ends)),
    // As posted there is no bound: an agent that has to wait for itself does so until somebody kills it.
    'session-rfc': withStock({ 'recursion-ends': 'violated' }),
    null: noFloor,
  },
  deliveries: { helper: acts, signal: acts, 'fd-keyctl': acts },
};
