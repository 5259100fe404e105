// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withRefusal, withStock } from './common.ts';

export const killableRequester: CheckScenario = {
  name: 'killable-requester',
  question:
    'Can a process be killed, and by nothing less, while it waits for an answerer that hangs, and is no trace left?',
  partOf: 'all',
  checks: ['killable-requester'],
  faults: ['answerer-hangs', 'requester-killed'],
  // Far longer than the check waits: it must be the kill that ends the requester.
  timeoutMs: 30_000,
  routes: {
    // Today it waits for the helper's exit, uninterruptibly and without a bound.
    ...byHelpers(
      withStock({
        'killable-requester': 'violated',
        'other-signals-end-no-wait': 'held',
        'killed-requester-leaves-no-key': 'held',
      }),
    ),
    ...byAgents(
      withRefusal({
        'killable-requester': 'held',
        'other-signals-end-no-wait': 'held',
        'killed-requester-leaves-no-key': 'held',
        'late-answer-is-busy': 'held',
      }),
    ),
    // As posted it waits in the kernel's own code, which any signal ends, and which leaves the key to whoever may still answer.
    'session-rfc': withStock({
      'killable-requester': 'held',
      'other-signals-end-no-wait': 'violated',
      'killed-requester-leaves-no-key': 'violated',
      'late-answer-is-busy': 'violated',
    }),
    null: noFloor,
  },
};
