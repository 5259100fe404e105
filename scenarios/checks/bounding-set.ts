// SPDX-License-Identifier: MIT
import { byAgents } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

/** The kernel's own rule, whoever answers: without it the other properties would mean nothing. */
const always = { 'bounding-set-inherited': 'held', 'bounding-set-only-shrinks': 'held' } as const;

export const boundingSet: CheckScenario = {
  name: 'bounding-set',
  question:
    'Does what was taken out of a container’s capability bounding set stay out, also of whoever answers for it?',
  partOf: 'all',
  checks: ['bounding-set'],
  timeoutMs,
  routes: {
    // The kernel's helper has every capability, whatever the requester was left.
    init: withStock({ ...always, 'bounding-set-of-answerer': 'violated' }),
    nsenter: withStock(always),
    ...byAgents(withRefusal({ ...always, 'bounding-set-of-answerer': 'held', 'bounding-set-limits-service': 'held' })),
    // As posted, linking is all that an agent needs.
    'session-rfc': withStock({
      ...always,
      'bounding-set-of-answerer': 'held',
      'bounding-set-limits-service': 'violated',
    }),
    null: noFloor,
  },
};
