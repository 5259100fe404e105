// SPDX-License-Identifier: MIT
import { eightContainers, usual, usualRoutes } from './common.ts';
import type { Scenario } from './types.ts';

// Bounded by time alone: whether all are served alike shows in what each got of the same seconds. Today's helper ends about
// 125 requests in both windows together, enough for a p90.
const window = { ms: 2_500, maxRequests: 100_000, samples: false };

export const containers: Scenario = {
  ...usual,
  name: 'containers',
  question: 'When eight containers ask at once, how fast is each served, and are all served alike?',
  partOf: 'all',
  containers: eightContainers,
  warmup: 2,
  windows: [window, window],
  quickWindows: [{ ...window, ms: 1_000 }],
  routes: {
    ...usualRoutes,
    null: { notApplicable: 'the floor has no agents to multiply; scenario latency measures it' },
  },
};
