// SPDX-License-Identifier: MIT
import { byAgents, byHelpers } from '../common.ts';
import type { CheckScenario } from '../types.ts';
import { noFloor, withStock } from './common.ts';

const noQueue = { notApplicable: 'its agents have no queue' };

/** With the fallback that would let a request escape. */
export const fullNotificationQueue: CheckScenario = {
  name: 'full-notification-queue',
  question:
    'When an agent’s queue is full, is a requester told to try again at once, and is nothing in the queue lost?',
  partOf: 'all',
  checks: ['full-notification-queue'],
  faults: ['full-notification-queue'],
  // Filling the queue takes hundreds of processes, and those in it are to wait that long.
  timeoutMs: 120_000,
  routes: {
    ...byHelpers({ notApplicable: 'there are no agents' }),
    ...byAgents(
      withStock({
        'full-queue-is-eagain': 'held',
        'full-queue-is-bounded': 'held',
        'full-queue-loses-nothing': 'held',
      }),
    ),
    'session-rfc': noQueue,
    null: noFloor,
  },
  deliveries: { signal: noQueue },
};
