// SPDX-License-Identifier: MIT
import { usual, usualRoutes, victimAndBystander } from './common.ts';
import type { Scenario } from './types.ts';
import { withExpectation } from './with-expectation.ts';

const windows = [
  {
    ms: 2_000,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'fill-disk', atMs: 500, untilMs: 1_500 }],
  },
];

export const diskFull: Scenario = {
  ...usual,
  name: 'disk-full',
  question: 'When no file can be written any more, does an upcall need one?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  routes: withExpectation(usualRoutes, { 'fault-took-effect': 'held' }),
};
