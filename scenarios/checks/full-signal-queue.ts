// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withStock } from './common.ts';

const noSignal = { notApplicable: 'nobody is told by signal' };

/** With the fallback that would let a request escape. */
export const fullSignalQueue: CheckScenario = {
  name: 'full-signal-queue',
  question:
    'When no more signals can be queued for an agent, is a requester told to try again, and served when it does?',
  partOf: 'all',
  checks: ['full-signal-queue'],
  faults: ['full-signal-queue'],
  // Those that the agent was told of wait for as long as the others are refused.
  timeoutMs: 30_000,
  routes: {
    ...byHelpers(noSignal),
    ...byAgents(
      withStock({
        'full-signal-queue-is-eagain': 'held',
        'full-signal-queue-never-escapes': 'held',
        'full-signal-queue-loses-nothing': 'held',
        'full-signal-queue-recovers': 'held',
      }),
    ),
    'session-rfc': withStock({
      'full-signal-queue-is-eagain': 'held',
      'full-signal-queue-never-escapes': 'held',
      'full-signal-queue-loses-nothing': 'held',
      // As posted: whoever was refused for this moment has a negative key for a minute.
      'full-signal-queue-recovers': 'violated',
    }),
    null: noFloor,
  },
  deliveries: { 'fd-keyctl': noSignal, 'fd-write': noSignal },
};
