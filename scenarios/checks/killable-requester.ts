// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withRefusal, withStock } from './common.ts';

export const killableRequester: CheckScenario = {
  name: 'killable-requester',
  question: 'Can a process be killed while it waits for an answerer that hangs?',
  partOf: 'all',
  checks: ['killable-requester'],
  // Far longer than the check waits: it must be the kill that ends the requester.
  timeoutMs: 30_000,
  routes: {
    // Today it waits for the helper's exit, uninterruptibly and without a bound.
    ...byHelpers(withStock({ 'killable-requester': 'violated' })),
    ...byAgents(withRefusal({ 'killable-requester': 'held' })),
    'session-rfc': withStock({ 'killable-requester': 'held' }),
    null: noFloor,
  },
};
