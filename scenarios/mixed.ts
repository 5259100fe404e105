// SPDX-License-Identifier: MIT
import { usual, usualRoutes } from './common.ts';
import type { Scenario } from './types.ts';

// Of 375 requests 300 are hits and 75 misses, which take today's helper less than 5 s. Four windows hold 1,200 hits, enough for
// their p99, and 300 misses, enough for a p90.
const window = { ms: 5_000, maxRequests: 375, samples: false };

export const mixed: Scenario = {
  ...usual,
  name: 'mixed',
  question: 'When most keys are there already and answers differ in size, what do a hit and a miss cost?',
  partOf: 'all',
  containers: [{ name: 'subject', requesters: 1, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  // Every fifth request is a miss, and sizes take turns by three: each size comes as often among misses as among hits.
  requests: { kind: 'fresh', hitPercent: 80 },
  payloadBytes: [256, 512, 1_024],
  warmup: 20,
  windows: Array.from({ length: 4 }, () => window),
  quickWindows: [window],
  routes: usualRoutes,
};
