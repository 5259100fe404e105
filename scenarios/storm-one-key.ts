// SPDX-License-Identifier: MIT
import { usual, usualRoutes } from './common.ts';
import type { Scenario } from './types.ts';

const requesters = 16;
// 40 rounds at most: two seconds of today's helper, which a round asks once. Six windows make 240, enough for a p90.
const window = { ms: 5_000, maxRequests: 40 * requesters, samples: false };

export const stormOneKey: Scenario = {
  ...usual,
  name: 'storm-one-key',
  question:
    'When 16 processes miss the same key at once, how many upcalls is that, and when has the last of them its key?',
  partOf: 'all',
  containers: [{ name: 'subject', requesters, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  requests: { kind: 'storm-one', hitPercent: 0 },
  workloadFaults: ['storm-for-one-key'],
  warmup: 3,
  windows: Array.from({ length: 6 }, () => window),
  quickWindows: [window],
  routes: usualRoutes,
};
