// SPDX-License-Identifier: MIT
import { usual, usualRoutes, victimAndBystander } from './common.ts';
import type { Scenario } from './types.ts';
import { withExpectation } from './with-expectation.ts';

const windows = [
  {
    ms: 2_000,
    maxRequests: 100_000,
    samples: true,
    faults: [{ name: 'offline-cpu', atMs: 500, untilMs: 1_500 }],
  },
];

export const cpuUnplugged: Scenario = {
  ...usual,
  name: 'cpu-unplugged',
  question: 'When one of two processors is taken away and given back, does any request time out, or get lost?',
  partOf: 'all',
  containers: victimAndBystander,
  warmup: 10,
  windows,
  quickWindows: null,
  routes: withExpectation(usualRoutes, { 'fault-took-effect': 'held' }),
};
