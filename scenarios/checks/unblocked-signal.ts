// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const noSignal = { notApplicable: 'nobody is told by signal' };

export const unblockedSignal: CheckScenario = {
  name: 'unblocked-signal',
  question: 'Does an agent that has not blocked its signal survive the first request?',
  partOf: 'all',
  checks: ['unblocked-signal'],
  faults: ['unblocked-signal'],
  timeoutMs,
  routes: {
    ...byHelpers(noSignal),
    ...byAgents(withRefusal({ 'unblocked-signal-never-kills': 'held' })),
    // As posted, whether it blocks the signal is its own affair.
    'session-rfc': withStock({ 'unblocked-signal-never-kills': 'violated' }),
    null: noFloor,
  },
  deliveries: { 'fd-keyctl': noSignal, 'fd-write': noSignal },
};
