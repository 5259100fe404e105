// SPDX-License-Identifier: MIT
import { usual, usualRoutes, victimAndBystander } from './common.ts';
import type { Scenario } from './types.ts';
import { withExpectation } from './with-expectation.ts';

const windows = [
  {
    ms: 2_000,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'exhaust-pids', container: 'victim', atMs: 500, untilMs: 1_500 }],
  },
];

export const pidsExhausted: Scenario = {
  ...usual,
  name: 'pids-exhausted',
  question: 'When a container may start no more processes, do its upcalls need one?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  routes: withExpectation(usualRoutes, { 'fault-took-effect': 'held' }),
};
