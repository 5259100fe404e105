// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, timeoutMs, withRefusal, withStock } from './common.ts';

const noSignal = { notApplicable: 'nobody is told by signal' };
const clean = { 'siginfo-clean': 'held', 'forged-notifications-ignored': 'held' } as const;

export const notifications: CheckScenario = {
  name: 'notifications',
  question: 'Does a notification by signal carry nothing that it should not, and does an agent survive forged ones?',
  partOf: 'all',
  checks: ['siginfo-clean', 'forged-notification'],
  faults: ['forged-notification'],
  timeoutMs,
  routes: {
    ...byHelpers(noSignal),
    ...byAgents(withRefusal(clean)),
    'session-rfc': withStock(clean),
    null: noFloor,
  },
  deliveries: { 'fd-keyctl': noSignal, 'fd-write': noSignal },
};
