// SPDX-License-Identifier: MIT
import { usual, usualRoutes } from './common.ts';
import type { Scenario } from './types.ts';

// 75 requests take today's helper (40 to 60 ms each under TCG) less than the 5 s that a window may last, and 14 such
// windows make 1,050: a p99 is given only with 10 samples beyond it. Every mechanism gets the same number, so that the
// tails that are compared were drawn from samples of one size.
const window = { ms: 5_000, maxRequests: 75, samples: false };

export const latency: Scenario = {
  ...usual,
  name: 'latency',
  question: 'How long does an upcall from a container take, when nothing else happens?',
  partOf: 'quick',
  // One requester: under TCG on one vCPU a second one would measure the scheduler.
  containers: [{ name: 'subject', requesters: 1, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' }],
  warmup: 20,
  windows: Array.from({ length: 14 }, () => window),
  // 225 requests: enough for a p90, not for a p99, which the report then leaves out with the reason.
  quickWindows: Array.from({ length: 3 }, () => window),
  routes: usualRoutes,
};
